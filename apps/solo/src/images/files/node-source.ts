import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '@vdi/api';
import { fingerprint } from '../recipe/fingerprint.ts';
import type { ImageFile } from './image-file.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree } from './read-tree.ts';

/** Packages with native code, which no bundle can hold. */
const nativePackages = ['koffi', 'node-datachannel'] as const;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface InstalledPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Node.js and the native packages of the agent, from the checkout's node_modules: a layer that changes only when their versions do. */
export function nodeSource(checkout: string): LayerSource {
  const resolveFrom = join(checkout, 'apps', 'agent', 'package.json');
  const node = installed('node', join(checkout, 'package.json'));
  const packages = nativePackages.flatMap((name) => withDependencies(name, resolveFrom));
  return {
    name: 'Node.js and native modules',
    fingerprint: fingerprint(
      [node, ...packages].map(({ manifest }) => `${manifest.name}@${manifest.version} ${process.arch}`),
    ),
    collect: async () => [
      { path: 'opt/vdi/bin/node', mode: 0o755, content: { kind: 'copy', from: join(node.folder, 'bin', 'node') } },
      ...(await Promise.all(packages.map(packageFiles))).flat(),
    ],
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
  const found = installed(name, resolveFrom);
  const inside = join(found.folder, 'package.json');
  const needed = Object.keys(found.manifest.dependencies ?? {}).flatMap((other) => withDependencies(other, inside));
  // Of the builds for other platforms npm installed none: that they are missing is right.
  const present = Object.keys(found.manifest.optionalDependencies ?? {}).flatMap((other) => find(other, inside) ?? []);
  return [found, ...needed, ...present.filter(({ manifest }) => !manifest.name.includes('musl'))];
}

function installed(name: string, resolveFrom: string): InstalledPackage {
  const found = find(name, resolveFrom);
  if (found !== undefined) return found;
  throw new UserError('PackageMissing', {
    what: `The image cannot be built without the npm package ${name}`,
    why: 'It is not in node_modules',
    whatToDo: 'Run npm ci in the checkout',
  });
}

function find(name: string, resolveFrom: string): InstalledPackage | undefined {
  for (const modules of createRequire(resolveFrom).resolve.paths(name) ?? []) {
    const manifest = readManifest(join(modules, name, 'package.json'));
    if (manifest !== undefined) return { folder: dirname(join(modules, name, 'package.json')), manifest };
  }
  return undefined;
}

function readManifest(path: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
