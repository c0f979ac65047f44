import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import { runProgram } from '../run-program.ts';

/** Bundles a program of the checkout for Node.js into one file, with its source map beside it. */
export async function bundleProgram(options: {
  readonly checkout: string;
  /** Such as `apps/operator`, whose `src/main.ts` it is. */
  readonly folder: string;
  /** Absolute. */
  readonly outputFile: string;
  /** Packages with native code, which no bundle can hold. */
  readonly external?: readonly string[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const { checkout, folder, outputFile, external = [], signal } = options;
  const workingDirectory = join(checkout, folder);
  if (!existsSync(join(workingDirectory, 'src', 'main.ts'))) throw notThere(folder);
  const rolldown = join(checkout, 'node_modules/rolldown/bin/cli.mjs');
  const target = ['--platform', 'node', '--format', 'esm', '--file', outputFile, '--no-codeSplitting', '--sourcemap'];
  const outside = external.length === 0 ? [] : ['--external', external.join(',')];
  // Some packages ask for their version with `eval`; that is theirs to mend.
  const quiet = ['--logLevel', 'warn', '--no-checks.eval'];
  await runProgram(process.execPath, [rolldown, 'src/main.ts', ...target, ...outside, ...quiet], {
    workingDirectory,
    signal,
  });
}

function notThere(folder: string): UserError {
  return new UserError('ProgramMissing', {
    what: `${folder} cannot be bundled`,
    why: `${folder}/src/main.ts is not in this checkout`,
    whatToDo: 'Use a complete checkout',
  });
}
