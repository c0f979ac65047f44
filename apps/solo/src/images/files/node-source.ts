import { join } from 'node:path';
import { fingerprint } from '../recipe/fingerprint.ts';
import { installedPackage } from './installed-package.ts';
import type { LayerSource } from './layer-source.ts';

/** Node.js, from the checkout's node_modules: the same layer in every image, which changes only with its version. */
export function nodeSource(checkout: string): LayerSource {
  const { folder, manifest } = installedPackage('node', join(checkout, 'package.json'));
  return {
    name: 'Node.js',
    fingerprint: fingerprint([`${manifest.name}@${manifest.version} ${process.arch}`]),
    collect: async () => [
      { path: 'opt/vdi/bin/node', mode: 0o755, content: { kind: 'copy', from: join(folder, 'bin', 'node') } },
    ],
  };
}
