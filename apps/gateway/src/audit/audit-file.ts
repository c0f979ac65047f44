import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { beforeTheFirst, createAuditChain, hashOfLine } from './audit-chain.ts';
import type { AuditLog } from './audit-log.ts';

/** More than any line has: eleven texts, each character of which JSON may write as six. */
const longestLine = 64 * 1024;

/** An audit log in a file that only its owner reads. It goes on where an earlier process ended. */
export function openAuditFile(path: string, now: () => Date): AuditLog & Disposable {
  const file = openSync(path, 'a+', 0o600);
  // One write: the file is opened for appending, so a line is never inside another one.
  const chain = createAuditChain((line) => void writeSync(file, line), hashOfLastLine(file), now);
  return { ...chain, [Symbol.dispose]: () => closeSync(file) };
}

/** The number, from 1, of the first line that does not follow from the one before it; undefined when all do. */
export function findAuditBreak(content: string): number | undefined {
  let expected = beforeTheFirst;
  for (const [index, line] of content.split('\n').slice(0, -1).entries()) {
    if (previousOf(line) !== expected) return index + 1;
    expected = hashOfLine(line);
  }
  return content === '' || content.endsWith('\n') ? undefined : content.split('\n').length;
}

function previousOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { readonly previous?: unknown } | null)?.previous;
  } catch {
    // A torn line follows from nothing.
    return undefined;
  }
}

function hashOfLastLine(file: number): string {
  const { size } = fstatSync(file);
  if (size === 0) return beforeTheFirst;
  const end = Buffer.alloc(Math.min(size, longestLine));
  readSync(file, end, 0, end.length, size - end.length);
  const lines = end.toString('utf8').split('\n');
  if (lines.at(-1) === '') return hashOfLine(lines.at(-2) ?? '');
  // A power failure cut the last line: it is closed, stays as it is, and shows as a break.
  writeSync(file, '\n');
  return hashOfLine(lines.at(-1) ?? '');
}
