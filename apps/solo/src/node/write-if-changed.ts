import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readIfPresent } from '../state/private-file.ts';

/** Writes a file whole or not at all, and leaves one alone that says the same already. */
export function writeIfChanged(path: string, content: string): void {
  if (readIfPresent(path) === content) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}
