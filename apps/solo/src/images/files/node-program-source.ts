import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fingerprint } from '../recipe/fingerprint.ts';
import { bundleProgram } from './bundle-program.ts';
import type { ImageFile } from './image-file.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree } from './read-tree.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';
import { workspaceFingerprint } from './workspace-inputs.ts';

/** Changes when other files are made of the same sources: layers that were built before are not used then. */
const layout = 'chunks beside the program, licences in a folder';

/** A program of the checkout that runs on Node.js: `/opt/vdi/<name>.js`, and beside it what it reads at run time and the licences of what it bundles. */
export async function nodeProgramSource(
  checkout: string,
  program: {
    readonly name: string;
    /** Completes "Adding …". */
    readonly title: string;
    /** Packages that lie in `/opt/vdi/node_modules`. */
    readonly external?: readonly string[];
  },
): Promise<LayerSource> {
  const { name, title, external = [] } = program;
  const folder = `apps/${name}`;
  return {
    name: title,
    fingerprint: fingerprint([layout, await workspaceFingerprint(checkout, folder)]),
    collect: async (workFolder, signal) => {
      const bundle = join(workFolder, name);
      await bundleProgram({ checkout, name, outputDirectory: bundle, external, signal });
      const licenses = join(workFolder, 'licenses.txt');
      await writeFile(licenses, await thirdPartyLicenses(bundle));
      return [
        ...(await readTree(bundle, 'opt/vdi', (path) => !path.endsWith('.map'))),
        { path: `opt/vdi/licenses/${name}.txt`, mode: 0o644, content: { kind: 'copy', from: licenses } },
        ...(await runTimeFiles(join(checkout, folder, 'src'))),
      ];
    },
  };
}

/** What modules read with `new URL('x', import.meta.url)`: all files of a bundle lie in one folder, and these with them. */
async function runTimeFiles(sources: string): Promise<readonly ImageFile[]> {
  const files = await readTree(sources, '', (path) => /\.(css|html|js|svg)$/.test(path));
  return files.map((file) => ({ ...file, path: `opt/vdi/${basename(file.path)}` }));
}
