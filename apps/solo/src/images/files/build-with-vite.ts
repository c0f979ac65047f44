import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import { runProgram } from '../run-program.ts';

/** Builds a browser application of the checkout into a directory, which is emptied first. */
export async function buildWithVite(options: {
  readonly checkout: string;
  /** Such as `apps/viewer`. */
  readonly folder: string;
  readonly outputDirectory: string;
  /** Beside the files, and not mentioned in them. */
  readonly sourceMaps?: boolean;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { checkout, folder, outputDirectory, sourceMaps = false, signal } = options;
  if (!existsSync(join(checkout, folder, 'index.html'))) throw notThere(folder);
  const vite = join(checkout, 'node_modules/vite/bin/vite.js');
  const args = ['build', '--outDir', outputDirectory, '--emptyOutDir', '--logLevel', 'error'];
  await runProgram(process.execPath, [vite, ...args, ...(sourceMaps ? ['--sourcemap', 'hidden'] : [])], {
    workingDirectory: join(checkout, folder),
    signal,
  });
}

function notThere(folder: string): UserError {
  return new UserError('ProgramMissing', {
    what: `${folder} cannot be built`,
    why: `${folder}/index.html is not in this checkout`,
    whatToDo: 'Use a complete checkout',
  });
}
