import { createHash } from 'node:crypto';
import type { AuditEvent, AuditLog } from './audit-log.ts';

/** Longer texts are cut, so that no asker can fill the disk with one name. */
const longestText = 512;

/** What the first line of a chain follows from. */
export const beforeTheFirst = '0'.repeat(64);

/**
 * An audit log of JSON lines, each of which holds the SHA-256 of the line before it, so that what was changed, removed or
 * put in between shows: see `findAuditBreak`.
 *
 * @param append writes a line, all of it, before it returns; throws when it could not
 * @param last the hash of the line before the first one
 */
export function createAuditChain(append: (line: string) => void, last: string, now: () => Date): AuditLog {
  let previous = last;
  return {
    record(event) {
      const line = JSON.stringify({ time: now().toISOString(), ...cut(event), previous });
      append(`${line}\n`);
      previous = hashOfLine(line);
    },
  };
}

/** @param line without its end */
export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

function cut(event: AuditEvent): object {
  const short = (value: unknown): unknown => (typeof value === 'string' ? value.slice(0, longestText) : value);
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, short(value)]));
}
