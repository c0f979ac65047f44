import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import { runProgram } from '../run-program.ts';

/**
 * Bundles a program of the checkout for Node.js: `<name>.js` and, for what it imports on demand, files beside it, each with its source map.
 * On demand is also what lets the bundler leave out what nobody uses: of the Kubernetes client nine tenths.
 */
export async function bundleProgram(options: {
  readonly checkout: string;
  /** Such as `operator`: the program is `apps/operator/src/main.ts`. */
  readonly name: string;
  readonly outputDirectory: string;
  /** Packages with native code, which no bundle can hold. */
  readonly external?: readonly string[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const { checkout, name, outputDirectory, external = [], signal } = options;
  const folder = `apps/${name}`;
  const workingDirectory = join(checkout, folder);
  if (!existsSync(join(workingDirectory, 'src', 'main.ts'))) throw notThere(folder);
  const rolldown = join(checkout, 'node_modules/rolldown/bin/cli.mjs');
  const target = ['--platform', 'node', '--format', 'esm', '--sourcemap', '--dir', outputDirectory];
  const names = ['--entryFileNames', `${name}.js`, '--chunkFileNames', `${name}-[name]-[hash].js`];
  const outside = external.length === 0 ? [] : ['--external', external.join(',')];
  // Some packages ask for their version with `eval`; that is theirs to mend.
  const quiet = ['--logLevel', 'warn', '--no-checks.eval'];
  await runProgram(process.execPath, [rolldown, 'src/main.ts', ...target, ...names, ...outside, ...quiet], {
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
