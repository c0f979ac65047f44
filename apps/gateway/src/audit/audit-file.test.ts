import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAuditBreak, openAuditFile } from './audit-file.ts';
import type { AuditEvent } from './audit-log.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vdi-audit-'));
  path = join(directory, 'audit.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

const now = (): Date => new Date('2026-01-02T03:04:05Z');
const event = (requestId: string, user = 'alice@example.com'): AuditEvent => ({
  user,
  subject: 'https://login.example#1',
  action: 'session.open',
  object: 'session vdi/work u1',
  allowed: true,
  as: 'owner',
  surface: 'http',
  requestId,
  address: '127.0.0.1',
});

function write(...ids: readonly string[]): readonly string[] {
  using audit = openAuditFile(path, now);
  for (const id of ids) audit.record(event(id));
  return readFileSync(path, 'utf8').split('\n').slice(0, -1);
}

describe('the audit file', () => {
  it('holds one line for each event, closed to others, and goes on after a restart', () => {
    write('1', '2');
    const lines = write('3');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { requestId: '1', time: '2026-01-02T03:04:05.000Z' },
      { requestId: '2' },
      { requestId: '3' },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(findAuditBreak(readFileSync(path, 'utf8'))).toBeUndefined();
  });

  it.each([
    ['changed', 3, (lines: string[]) => lines.with(1, lines[1]?.replace('alice', 'carol') ?? '')],
    ['removed', 2, (lines: string[]) => lines.toSpliced(1, 1)],
    ['removed at the beginning', 1, (lines: string[]) => lines.slice(1)],
    ['put in between', 3, (lines: string[]) => lines.toSpliced(1, 0, lines[1] ?? '')],
    ['exchanged', 1, (lines: string[]) => lines.toReversed()],
  ])('shows that a line was %s', (_what, line, tamper) => {
    const lines = tamper([...write('1', '2', '3', '4')]);
    expect(findAuditBreak(`${lines.join('\n')}\n`)).toBe(line);
  });

  it('goes on after a line that a power failure cut, which shows', () => {
    write('1');
    appendFileSync(path, '{"time":"2026');
    const lines = write('2');
    expect(lines).toHaveLength(3);
    expect(findAuditBreak(readFileSync(path, 'utf8'))).toBe(2);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ requestId: '2' });
  });

  it('cuts long texts, and keeps control characters from starting a line', () => {
    using audit = openAuditFile(path, now);
    audit.record(event('1', `mallory\n${'x'.repeat(1_000_000)}`));
    const content = readFileSync(path, 'utf8');
    expect(content.length).toBeLessThan(2_000);
    expect(content.split('\n')).toHaveLength(2);
  });

  it('takes an empty file for a new one', () => {
    writeFileSync(path, '');
    expect(write('1')).toHaveLength(1);
    expect(findAuditBreak(readFileSync(path, 'utf8'))).toBeUndefined();
  });
});
