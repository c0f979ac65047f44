import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, for its owner alone. One at a time: Node's own recursive way never ends where a file
 * system such as /proc says of a directory in it that there is none. Throws Node's error with its code.
 */
export function makeDirectory(path: string): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const directory of missing.toReversed()) mkdirSync(directory, { mode: 0o700 });
}
