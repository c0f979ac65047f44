import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { VolumeFile } from './projected-files.ts';

/** Who must be able to read the files. */
export interface FolderOwner {
  readonly fsGroup: number | undefined;
  /** Files can be given to groups only by root; else everybody inside the container may read them. */
  readonly mayChangeOwner: boolean;
}

const dataLink = '..data';

/**
 * Writes all files so that readers see either the old or the new ones, never a mixture: each version is a folder of its
 * own, `..data` points to the current one, and the visible names point through `..data`
 * (https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically).
 * Returns whether anything changed.
 */
export function writeProjectedFolder(folder: string, files: readonly VolumeFile[], owner: FolderOwner): boolean {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const version = `..${fingerprint(files)}`;
  const current = linkTarget(join(folder, dataLink));
  if (current === version) return false;
  writeVersion(join(folder, version), files, owner);
  const draft = join(folder, '..data_tmp');
  rmSync(draft, { force: true });
  symlinkSync(version, draft);
  renameSync(draft, join(folder, dataLink));
  linkNames(folder, files);
  if (current !== undefined) rmSync(join(folder, current), { recursive: true, force: true });
  return true;
}

function fingerprint(files: readonly VolumeFile[]): string {
  const hash = createHash('sha256');
  for (const { path, content, mode } of files) hash.update(`${path}\0${mode}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 16);
}

function writeVersion(folder: string, files: readonly VolumeFile[], owner: FolderOwner): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  for (const { path, content, mode } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
    writeFileSync(target, content);
    if (!owner.mayChangeOwner) {
      chmodSync(target, mode | 0o444);
    } else if (owner.fsGroup === undefined) {
      chmodSync(target, mode);
    } else {
      chownSync(target, 0, owner.fsGroup);
      // As the kubelet does: the group may read, whatever the mode says.
      chmodSync(target, mode | 0o440);
    }
  }
}

/** The names at the top, each a link through `..data`; those that are gone lose theirs. */
function linkNames(folder: string, files: readonly VolumeFile[]): void {
  const names = new Set(files.map(({ path }) => path.split('/', 1)[0] ?? ''));
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('..') && !names.has(name)) rmSync(join(folder, name), { force: true });
  }
  for (const name of names) {
    const link = join(folder, name);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(join(dataLink, name), link);
  }
}

function linkTarget(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}
