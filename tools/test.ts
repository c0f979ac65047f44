import { spawnSync } from 'node:child_process';
import { installTestPackages } from './test-packages.ts';

/** `make test`: the packages, the checks, then every test. Arguments go to vitest. The last line counts the tests. */
function run(command: string, args: readonly string[]): number {
  return spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

const hasPackages = installTestPackages();
const checkStatus = run('node', ['tools/check.ts']);
if (checkStatus !== 0)
  console.error('\nThe checks above failed, so this run fails; `npm run check` repeats them alone.\n');
const testStatus = hasPackages ? run('vitest', ['run', ...process.argv.slice(2)]) : 1;
process.exitCode = checkStatus || testStatus;
