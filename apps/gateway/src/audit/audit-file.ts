import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { AuditEvent, AuditLog } from './audit-log.ts';

/** Longer texts are cut, so that no asker can fill the disk with one name. */
const longestText = 512;
/** More than any line has: eleven texts, each character of which JSON may write as six. */
const longestLine = 64 * 1024;
const beforeTheFirst = '0'.repeat(64);

/**
 * An audit log of JSON lines, readable by its owner only. Each line holds the SHA-256 of the line before it, so that what was
 * changed, removed or put in between shows: see `findAuditBreak`.
 */
export function openAuditFile(path: string, now: () => Date): AuditLog & Disposable {
  const file = openSync(path, 'a+', 0o600);
  let previous = hashOfLastLine(file);
  return {
    record(event) {
      const line = JSON.stringify({ time: now().toISOString(), ...cut(event), previous });
      // One write: the file is opened for appending, so a line is never inside another one.
      writeSync(file, `${line}\n`);
      previous = hashOf(line);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}

/** The number, from 1, of the first line that does not follow from the one before it; undefined when all do. */
export function findAuditBreak(content: string): number | undefined {
  let expected = beforeTheFirst;
  for (const [index, line] of content.split('\n').slice(0, -1).entries()) {
    if (previousOf(line) !== expected) return index + 1;
    expected = hashOf(line);
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
  if (lines.at(-1) === '') return hashOf(lines.at(-2) ?? '');
  // A power failure cut the last line: it is closed, stays as it is, and shows as a break.
  writeSync(file, '\n');
  return hashOf(lines.at(-1) ?? '');
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

function cut(event: AuditEvent): object {
  const short = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, longestText) : value);
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, short(value)]));
}
