import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprint } from '../recipe/fingerprint.ts';
import { buildWithVite } from './build-with-vite.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree } from './read-tree.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';
import { workspaceFingerprint } from './workspace-inputs.ts';

/** Changes when other files are made of the same sources: layers that were built before are not used then. */
const layout = 'the page and its licences';

/** A page of the checkout, as Vite builds it: `/opt/vdi/<name>/`, and the licences of what it bundles. */
export async function browserProgramSource(checkout: string, name: string): Promise<LayerSource> {
  const folder = `apps/${name}`;
  return {
    name,
    fingerprint: fingerprint([layout, await workspaceFingerprint(checkout, folder)]),
    collect: async (workFolder, signal) => {
      const built = join(workFolder, name);
      await buildWithVite({ checkout, folder, outputDirectory: built, sourceMaps: true, signal });
      const licenses = join(workFolder, 'licenses.txt');
      await writeFile(licenses, await thirdPartyLicenses(built));
      return [
        ...(await readTree(built, `opt/vdi/${name}`, (path) => !path.endsWith('.map'))),
        { path: `opt/vdi/licenses/${name}.txt`, mode: 0o644, content: { kind: 'copy', from: licenses } },
      ];
    },
  };
}
