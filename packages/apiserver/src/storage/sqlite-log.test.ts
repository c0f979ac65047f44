import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../resource/resource.ts';
import { StorageFailure } from './revision-log.ts';
import { openSqliteLog } from './sqlite-log.ts';

const anObject = (value: unknown): KubernetesObject => ({ apiVersion: 'v1', kind: 'Thing', metadata: {}, value });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the SQLite log', () => {
  it('says that no space is left, keeps what it had, and goes on when there is space again', () => {
    const path = join(folder, 'log.db');
    const written: string[] = [];
    {
      using log = openSqliteLog(path, { maxBytes: 64 * 1024 });
      const failure = catchFailure(() => {
        for (let index = 0; index < 100; index += 1) {
          log.write(`/k${index}`, anObject('x'.repeat(4096)), 0);
          written.push(`/k${index}`);
        }
      });
      expect(failure.isFull).toBe(true);
      expect(failure.message).toContain('No space is left');
      expect(log.list('/').items).toHaveLength(written.length);
      expect(log.revision).toBe(written.length + 1);
    }
    using again = openSqliteLog(path);
    expect(again.list('/').items).toHaveLength(written.length);
    expect(again.write('/more', anObject(1), 0).revision).toBe(written.length + 2);
  });

  it('has every change that it acknowledged before its process was killed', async () => {
    const path = join(folder, 'log.db');
    const writer = spawn(process.execPath, ['--input-type=module', '-e', writerProgram(path)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      acknowledged = Number(line);
      if (acknowledged === 200) writer.kill('SIGKILL');
    }
    if (writer.signalCode === null) await once(writer, 'exit');
    expect(writer.signalCode).toBe('SIGKILL');
    using log = openSqliteLog(path);
    expect(log.revision).toBeGreaterThanOrEqual(acknowledged);
    expect(log.changesSince(1, '/').map(({ revision }) => revision)).toEqual(
      Array.from({ length: log.revision - 1 }, (_, index) => index + 2),
    );
  });

  it('lets one process at a time have it', () => {
    const path = join(folder, 'log.db');
    using log = openSqliteLog(path);
    log.write('/a', anObject(1), 0);
    expect(catchFailure(() => openSqliteLog(path)).message).toContain('Another process has it open');
  });

  it('does not touch a file that is something else', () => {
    const text = join(folder, 'text');
    writeFileSync(text, 'not a database, but long enough to be looked at as one'.repeat(20));
    expect(catchFailure(() => openSqliteLog(text)).message).toContain('choose another path');
    const other = join(folder, 'other.db');
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE accounts (name TEXT)');
    database.close();
    expect(catchFailure(() => openSqliteLog(other)).message).toContain('choose another path');
  });

  it('says so if revisions are missing from its file', () => {
    const path = join(folder, 'log.db');
    {
      using log = openSqliteLog(path);
      for (const key of ['/a', '/b', '/c']) log.write(key, anObject(1), 0);
    }
    const database = new DatabaseSync(path);
    database.exec('DELETE FROM revisions WHERE revision = 3');
    database.close();
    expect(() => openSqliteLog(path)).toThrow('revision 3 is missing');
  });
});

function catchFailure(act: () => void): StorageFailure {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof StorageFailure) return thrown;
    throw thrown;
  }
  throw new Error('Nothing was thrown');
}

function writerProgram(path: string): string {
  return `
    import { openSqliteLog } from ${JSON.stringify(new URL('sqlite-log.ts', import.meta.url).href)};
    const log = openSqliteLog(${JSON.stringify(path)});
    for (let index = 0; ; index += 1) {
      const { revision } = log.write('/k' + index, { apiVersion: 'v1', kind: 'Thing', metadata: {}, index }, 0);
      process.stdout.write(revision + '\\n');
      await new Promise(setImmediate);
    }`;
}
