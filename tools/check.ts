import { spawn } from 'node:child_process';

/** Everything that must hold before a commit, in the order in which a failure is cheapest to find. */
const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format', 'oxfmt', '--check', '.'],
  ['lint', 'oxlint', '--type-aware', '--deny-warnings'],
  ['types: portable', 'tsc', '-p', 'tsconfig.pure.json'],
  ['types: node', 'tsc', '-p', 'tsconfig.node.json'],
  ['types: browser', 'tsc', '-p', 'tsconfig.browser.json'],
  ['dead code', 'knip', '--no-progress'],
  ['manifests', 'sherif', '-r', 'root-package-manager-field'],
  ['generated files', 'node', 'tools/generate.ts', '--check'],
  ['import rules', 'vitest', 'run', '--project', 'unit', '--reporter=dot', 'tools/architecture.test.ts'],
];

function run(command: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (cause) => resolve({ ok: false, output: `${command} could not be started: ${cause.message}` }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

let failed = 0;
for (const [name, command, ...args] of checks) {
  const startedAt = performance.now();
  const { ok, output } = await run(command, args);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  if (!ok) {
    failed += 1;
    console.log(output.trimEnd());
  }
}
process.exitCode = failed === 0 ? 0 : 1;
