import { join } from 'node:path';
import { buildWithVite } from './build-with-vite.ts';
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
      const built = join(workFolder, 'viewer');
      await buildWithVite({ checkout, folder, outputDirectory: built, signal });
      return await readTree(built, 'opt/vdi/viewer');
    },
  };
}
