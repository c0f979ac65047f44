import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import type { Layer } from './archive/layer.ts';

/** Layers that were built before, by what they were built from. */
export interface LayerCache {
  readonly folder: string;
  readonly downloads: string;
  find(name: string, fingerprint: string): Promise<Layer | undefined>;
  /** Where a new one is to be written. */
  pathOf(name: string, fingerprint: string): string;
  /** Remembers it, and forgets those that it takes the place of. */
  keep(name: string, fingerprint: string, layer: Layer): Promise<void>;
  /** An empty folder that is gone when it is disposed. */
  openWorkFolder(): Promise<{ readonly path: string } & AsyncDisposable>;
}

const shortDigits = 16;
const mostBytesNeeded = 4e9;

export async function openLayerCache(folder: string): Promise<LayerCache> {
  const layers = join(folder, 'layers');
  await mkdir(layers, { recursive: true, mode: 0o700 });
  const pathOf = (name: string, fingerprint: string): string =>
    join(layers, `${name}-${fingerprint.slice(0, shortDigits)}.tar`);
  return {
    folder,
    downloads: join(folder, 'downloads'),
    pathOf,
    find: (name, fingerprint) => findLayer(pathOf(name, fingerprint)),
    async keep(name, fingerprint, layer) {
      const path = pathOf(name, fingerprint);
      await writeFile(`${path}.json.new`, JSON.stringify(layer));
      await rename(`${path}.json.new`, `${path}.json`);
      await removeOthers(layers, name, path);
    },
    async openWorkFolder() {
      const path = await mkdtemp(join(folder, 'work-'));
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    },
  };
}

/** Says so before a build that would end on a full disk. */
export async function checkFreeSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= mostBytesNeeded) return;
  throw new UserError('DiskFull', {
    what: 'The images are not built',
    why: `Building takes up to ${mostBytesNeeded / 1e9} GB, and where ${folder} lies ${(free / 1e9).toFixed(1)} GB are free`,
    whatToDo: 'Make room there, or choose another place with --state-dir',
  });
}

async function findLayer(path: string): Promise<Layer | undefined> {
  try {
    const layer = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Layer;
    return (await stat(path)).size === layer.size ? { ...layer, path } : undefined;
  } catch {
    // Missing or cut short: then it is built again.
    return undefined;
  }
}

async function removeOthers(folder: string, name: string, kept: string): Promise<void> {
  const ofThatName = new RegExp(`^${name}-[0-9a-f]{${shortDigits}}\\.tar(\\.json)?$`);
  const others = (await readdir(folder))
    .filter((file) => ofThatName.test(file))
    .map((file) => join(folder, file))
    .filter((path) => path !== kept && path !== `${kept}.json`);
  await Promise.all(others.map((path) => rm(path, { force: true })));
}
