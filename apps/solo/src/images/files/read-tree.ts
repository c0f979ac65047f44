import { lstat, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileDigest, fingerprint } from '../recipe/fingerprint.ts';
import type { ImageFile } from './image-file.ts';

/** Everything below a folder as entries below `to`. Of permissions only "executable" counts: checkouts differ in the rest. */
export async function readTree(
  folder: string,
  to: string,
  wanted: (path: string) => boolean = () => true,
): Promise<readonly ImageFile[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files = await Promise.all(
    names.filter(wanted).map((name) => readEntry(join(folder, name), posix.join(to, name))),
  );
  return files.flat();
}

async function readEntry(from: string, path: string): Promise<readonly ImageFile[]> {
  const found = await lstat(from);
  if (found.isDirectory()) return [];
  if (found.isSymbolicLink()) return [{ path, mode: 0o777, content: { kind: 'link', target: await readlink(from) } }];
  return [{ path, mode: (found.mode & 0o100) === 0 ? 0o644 : 0o755, content: { kind: 'copy', from } }];
}

/** Changes whenever anything in the entries changes. */
export async function treeFingerprint(files: readonly ImageFile[]): Promise<string> {
  const parts = await Promise.all(files.map(async (file) => [file.path, String(file.mode), await contentOf(file)]));
  return fingerprint(parts.flat());
}

async function contentOf({ content }: ImageFile): Promise<string> {
  if (content.kind === 'copy') return await fileDigest(content.from);
  return content.kind === 'link' ? `-> ${content.target}` : content.kind;
}
