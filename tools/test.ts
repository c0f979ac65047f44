import { spawnSync } from 'node:child_process';

/** `make test`: the checks, then every test. Arguments go to vitest. */
function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

const checkStatus = run('node', ['tools/check.ts']);
const testStatus = run('vitest', ['run', ...process.argv.slice(2)]);
if (checkStatus !== 0) console.error('\nThe checks above failed; `npm run check` repeats them alone.');
process.exitCode = checkStatus || testStatus;
