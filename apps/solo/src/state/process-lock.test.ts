import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identifyProcess, isStillRunning } from './process-identity.ts';
import { lockStateDirectory } from './process-lock.ts';
import { findRunningProcess, readProcessRecord } from './process-record.ts';
import { openStateDirectory, type StateDirectory } from './state-directory.ts';

let state: StateDirectory;
beforeEach(() => {
  state = openStateDirectory(mkdtempSync(join(tmpdir(), 'vdi-lock-')));
});
afterEach(() => rmSync(state.path, { recursive: true }));

/** Another process that takes the lock and keeps it until it is killed. */
async function lockElsewhere(): Promise<{ readonly pid: number; kill(): Promise<void> }> {
  const script = `
    const { lockStateDirectory } = await import(${JSON.stringify(new URL('process-lock.ts', import.meta.url).href)});
    const { stateDirectoryAt } = await import(${JSON.stringify(new URL('state-directory.ts', import.meta.url).href)});
    globalThis.lock = lockStateDirectory(stateDirectoryAt(${JSON.stringify(state.path)}));
    process.send('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return {
    pid: child.pid ?? 0,
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('the lock of a state directory', () => {
  it('is refused while another process holds it, and names that process', async () => {
    const other = await lockElsewhere();
    try {
      expect(() => lockStateDirectory(state)).toThrow(
        expect.objectContaining({
          code: 'StateDirectoryInUse',
          message: expect.stringContaining(`process ${other.pid}`) as string,
        }),
      );
      expect(findRunningProcess(state)?.pid).toBe(other.pid);
    } finally {
      await other.kill();
    }
  });

  it('is free again after its holder was killed, whose record then names nobody', async () => {
    const other = await lockElsewhere();
    await other.kill();
    expect(readProcessRecord(state)?.pid).toBe(other.pid);
    expect(findRunningProcess(state)).toBeUndefined();
    using _lock = lockStateDirectory(state);
    expect(findRunningProcess(state)?.pid).toBe(process.pid);
  });

  it('is refused to a second holder in the same process, and free after the first let go', () => {
    {
      using _lock = lockStateDirectory(state);
      expect(() => lockStateDirectory(state)).toThrow(expect.objectContaining({ code: 'StateDirectoryInUse' }));
      expect(findRunningProcess(state)?.pid).toBe(process.pid);
    }
    expect(findRunningProcess(state)).toBeUndefined();
    lockStateDirectory(state)[Symbol.dispose]();
  });

  it('takes a damaged record for none', () => {
    writeFileSync(state.processRecord, '{"pid": 1');
    expect(findRunningProcess(state)).toBeUndefined();
  });
});

describe('the identity of a process', () => {
  it('does not mistake a later process with the same pid for the one recorded', () => {
    const self = identifyProcess(process.pid);
    expect(self && isStillRunning(self)).toBe(true);
    expect(self && isStillRunning({ ...self, startTicks: '1' })).toBe(false);
    expect(self && isStillRunning({ ...self, bootId: 'another boot' })).toBe(false);
  });

  it('finds no process where there is none', () => {
    expect(identifyProcess(2 ** 22 + 1)).toBeUndefined();
  });
});

describe('the state directory', () => {
  it('is closed to others even if it was open before', () => {
    chmodSync(state.path, 0o755);
    openStateDirectory(state.path);
    expect(statSync(state.path).mode & 0o777).toBe(0o700);
  });

  it('says what to do when it cannot be made', () => {
    const file = join(state.path, 'file');
    writeFileSync(file, '');
    expect(() => openStateDirectory(join(file, 'inside'))).toThrow(/could not be made.*--state-dir/s);
  });
});
