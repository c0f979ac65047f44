import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UserError } from '@vdi/api';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package in the checkout's node_modules. */
export interface InstalledPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The package that a module of `resolveFrom` (a package.json) would import. Throws `UserError` where there is none. */
export function installedPackage(name: string, resolveFrom: string): InstalledPackage {
  const found = findPackage(name, resolveFrom);
  if (found !== undefined) return found;
  throw new UserError('PackageMissing', {
    what: `The image cannot be built without the npm package ${name}`,
    why: 'It is not in node_modules',
    whatToDo: 'Run npm ci in the checkout',
  });
}

/** The same, but undefined where there is none. */
export function findPackage(name: string, resolveFrom: string): InstalledPackage | undefined {
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
