import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildWithVite } from './build-with-vite.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree } from './read-tree.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';
import { workspaceFingerprint } from './workspace-inputs.ts';

/** A page of the checkout, as Vite builds it: `/opt/vdi/<name>/`, and the licences of what it bundles. */
export async function browserProgramSource(checkout: string, name: string): Promise<LayerSource> {
  const folder = `apps/${name}`;
  return {
    name,
    fingerprint: await workspaceFingerprint(checkout, folder),
    collect: async (workFolder, signal) => {
      const built = join(workFolder, name);
      await buildWithVite({ checkout, folder, outputDirectory: built, sourceMaps: true, signal });
      const maps = (await readdir(built, { recursive: true })).filter((path) => path.endsWith('.map'));
      const licenses = join(workFolder, 'licenses.txt');
      await writeFile(licenses, await thirdPartyLicenses(maps.map((path) => join(built, path))));
      return [
        ...(await readTree(built, `opt/vdi/${name}`, (path) => !path.endsWith('.map'))),
        { path: `opt/vdi/licenses/${name}.txt`, mode: 0o644, content: { kind: 'copy', from: licenses } },
      ];
    },
  };
}
