import { defineConfig } from 'vitest/config';

const second = 1_000;

/** Quick tests, side by side, on every core. */
const quick = {
  extends: true as const,
  test: {
    name: 'unit',
    include: [
      'packages/*/src/**/*.test.ts',
      'apps/*/src/**/*.test.{ts,tsx}',
      'tools/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    // Some of them calculate for seconds; on a machine with much else to do that is minutes.
    testTimeout: 180 * second,
    hookTimeout: 180 * second,
  },
};

/** Tests that run real programs: one file at a time, one project after the other, because they share a machine. */
const real = (name: string, groupOrder: number, timeoutMs: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    setupFiles: ['tests/print-evidence.ts'],
    maxWorkers: 1,
    sequence: { groupOrder },
  },
});

export default defineConfig({
  // As Node resolves without Vite: graphql has a second copy for the condition `development`, which is not equal to the first.
  ssr: { resolve: { conditions: ['module-sync', 'node'] } },
  test: {
    reporters: ['default', './tools/summary-reporter.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // Without it, a second: on a busy machine that is no time.
    expect: { poll: { timeout: 20 * second, interval: 50 } },
    projects: [
      quick,
      real('conformance', 1, 120 * second),
      real('agent', 2, 120 * second),
      real('images', 3, 600 * second),
      real('node', 4, 180 * second),
      real('viewer', 5, 60 * second),
      real('dashboard', 6, 60 * second),
      real('e2e', 7, 600 * second),
      real('door', 8, 120 * second),
      real('chart', 9, 120 * second),
      real('cluster', 10, 1_200 * second),
    ],
  },
});
