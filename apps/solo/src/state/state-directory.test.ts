import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageFailure } from '@vdi/apiserver';
import { createLogger } from '@vdi/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSolo } from '../solo.ts';
import { explainOutOfSpace } from './out-of-space.ts';
import { openStateDirectory } from './state-directory.ts';

const log = createLogger({ name: 'state-directory-test', level: 'silent' });
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vdi-state-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('a state directory', () => {
  it('is made with those above it, for its owner alone', () => {
    const { path } = openStateDirectory(join(root, 'a/b'));
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
  });

  it('is refused where a file has its name', () => {
    writeFileSync(join(root, 'file'), '');
    expect(() => openStateDirectory(join(root, 'file'))).toThrow(/is not used: It is a file\. Choose another/);
  });

  it('is refused, and waited for by nobody, where nothing can be made', () => {
    expect(() => openStateDirectory('/proc/vdi/state')).toThrow(/could not be made.*--state-dir/s);
  });

  it('is refused with a way out where its database is none of ours', async () => {
    openStateDirectory(join(root, 'state'));
    writeFileSync(
      join(root, 'state/cluster.db'),
      'written by something else, long enough to be looked at as a database',
    );
    await expect(startSolo({ stateDirectory: join(root, 'state'), port: 0, log })).rejects.toThrow(
      /cannot be opened.*not a log of this server.*start that version.*--state-dir/s,
    );
  });
});

describe('a start without space', () => {
  const full = new StorageFailure('database or disk is full', { isFull: true });

  it.each([
    ['the database cannot grow', full],
    ['a file cannot be written', Object.assign(new Error('write'), { code: 'ENOSPC' })],
    ['either is only the cause', new Error('Could not start', { cause: full })],
  ])('says so when %s', (_case, error) => {
    expect(explainOutOfSpace(error, ['/state', '/cache'])).toMatchObject({
      code: 'NoSpaceLeft',
      whatToDo: expect.stringContaining('df -h /state /cache') as string,
    });
  });

  it('is not blamed for anything else', () => {
    const other = new Error('other');
    expect(explainOutOfSpace(other, ['/state'])).toBe(other);
  });
});

describe('a start that is given up', () => {
  it('stops what it had started and says why', async () => {
    const stop = new AbortController();
    const progress = (step: string): void => {
      if (step.includes('node')) stop.abort(new Error('no longer wanted'));
    };
    const options = { stateDirectory: join(root, 'state'), port: 0, log, progress, signal: stop.signal };
    await expect(startSolo(options)).rejects.toThrow('no longer wanted');
    // The lock is free again: another start has the directory.
    await using solo = await startSolo({ stateDirectory: join(root, 'state'), port: 0, log });
    expect(solo.url).toMatch(/^http:/);
  });
});
