/** An entry of a layer. Owned by root: nothing in an image is for its user to change. */
export interface ImageFile {
  /** From the root of the image, without a leading slash. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly content:
    | { readonly kind: 'directory' }
    | { readonly kind: 'copy'; readonly from: string }
    | { readonly kind: 'link'; readonly target: string };
}

/** Entries with the directories that lead to them, each path once (the last one given wins), parents first. */
export function completeTree(files: readonly ImageFile[]): readonly ImageFile[] {
  const byPath = new Map<string, ImageFile>();
  for (const file of files) {
    for (const parent of parentsOf(file.path)) {
      if (!byPath.has(parent)) byPath.set(parent, { path: parent, mode: 0o755, content: { kind: 'directory' } });
    }
    byPath.set(file.path, file);
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}
