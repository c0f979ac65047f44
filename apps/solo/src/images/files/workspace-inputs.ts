import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileDigest, fingerprint } from '../recipe/fingerprint.ts';
import { readTree, treeFingerprint } from './read-tree.ts';

/** Changes whenever the sources of a workspace, of those it imports, or the versions of its dependencies change. */
export async function workspaceFingerprint(checkout: string, folder: string): Promise<string> {
  const folders = [...withImported(checkout, folder, new Set())].sort();
  const trees = await Promise.all(
    folders.map(async (each) => await treeFingerprint(await readTree(join(checkout, each), each, isSource))),
  );
  return fingerprint([await fileDigest(join(checkout, 'package-lock.json')), ...trees]);
}

const isSource = (path: string): boolean => !/(^|\/)(node_modules|dist)(\/|$)|\.test\.tsx?$|\.md$/.test(path);

function withImported(checkout: string, folder: string, seen: Set<string>): ReadonlySet<string> {
  if (seen.has(folder)) return seen;
  seen.add(folder);
  const manifest = JSON.parse(readFileSync(join(checkout, folder, 'package.json'), 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith('@vdi/')) withImported(checkout, `packages/${name.slice('@vdi/'.length)}`, seen);
  }
  return seen;
}
