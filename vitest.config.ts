import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], timeoutMs: number) => ({
  extends: true as const,
  test: { name, include, testTimeout: timeoutMs, hookTimeout: timeoutMs },
});

export default defineConfig({
  test: {
    reporters: ['default', './tools/summary-reporter.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    projects: [
      project('unit', ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.{ts,tsx}', 'tools/**/*.test.ts'], 20_000),
      project('conformance', ['tests/conformance/**/*.test.ts'], 120_000),
    ],
  },
});
