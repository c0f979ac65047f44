import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import { runProgram } from '../run-program.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree } from './read-tree.ts';
import { workspaceFingerprint } from './workspace-inputs.ts';

/** The viewer's page, which the agent serves. */
export async function viewerSource(checkout: string): Promise<LayerSource> {
  const folder = 'apps/viewer';
  return {
    name: 'viewer',
    fingerprint: await workspaceFingerprint(checkout, folder),
    collect: async (workFolder, signal) => {
      if (!existsSync(join(checkout, folder, 'index.html'))) throw notThere();
      const built = join(workFolder, 'viewer');
      await runProgram(
        process.execPath,
        [
          join(checkout, 'node_modules/vite/bin/vite.js'),
          'build',
          '--outDir',
          built,
          '--emptyOutDir',
          '--logLevel',
          'error',
        ],
        { workingDirectory: join(checkout, folder), signal },
      );
      return await readTree(built, 'opt/vdi/viewer');
    },
  };
}

function notThere(): UserError {
  return new UserError('ProgramMissing', {
    what: 'The viewer cannot be built',
    why: 'apps/viewer/index.html is not in this checkout',
    whatToDo: 'Use a complete checkout',
  });
}
