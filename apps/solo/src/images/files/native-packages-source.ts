import { join } from 'node:path';
import { fingerprint } from '../recipe/fingerprint.ts';
import type { ImageFile } from './image-file.ts';
import { findPackage, type InstalledPackage, installedPackage } from './installed-package.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree } from './read-tree.ts';

/** Packages of the agent with native code, which no bundle can hold. */
export const nativePackages = ['koffi', 'node-datachannel'] as const;

/** These, from the checkout's node_modules: a layer that changes only when their versions do. */
export function nativePackagesSource(checkout: string): LayerSource {
  const resolveFrom = join(checkout, 'apps', 'agent', 'package.json');
  const packages = nativePackages.flatMap((name) => withDependencies(name, resolveFrom));
  return {
    name: 'native packages',
    fingerprint: fingerprint(packages.map(({ manifest }) => `${manifest.name}@${manifest.version} ${process.arch}`)),
    collect: async () => (await Promise.all(packages.map(packageFiles))).flat(),
  };
}

function packageFiles({ folder, manifest }: InstalledPackage): Promise<readonly ImageFile[]> {
  return readTree(folder, `opt/vdi/node_modules/${manifest.name}`, isNeededAtRunTime);
}

/** Code, manifests and licences; no types, documentation, C++ sources, nested packages, nor binaries for the other C library. */
function isNeededAtRunTime(path: string): boolean {
  if (/(^|\/)(node_modules|doc|vendor|types|musl_\w+)\//.test(path)) return false;
  return /\.(c|m)?js$|\.json$|\.node$|(^|\/)LICEN[CS]E[^/]*$/i.test(path);
}

function withDependencies(name: string, resolveFrom: string): readonly InstalledPackage[] {
  const found = installedPackage(name, resolveFrom);
  const inside = join(found.folder, 'package.json');
  const needed = Object.keys(found.manifest.dependencies ?? {}).flatMap((other) => withDependencies(other, inside));
  // Of the builds for other platforms npm installed none: that they are missing is right.
  const present = Object.keys(found.manifest.optionalDependencies ?? {}).flatMap(
    (other) => findPackage(other, inside) ?? [],
  );
  return [found, ...needed, ...present.filter(({ manifest }) => !manifest.name.includes('musl'))];
}
