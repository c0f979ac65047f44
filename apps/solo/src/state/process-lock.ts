import { DatabaseSync } from 'node:sqlite';
import { UserError } from '@vdi/api';
import { readProcessRecord, recordThisProcess, removeProcessRecord } from './process-record.ts';
import type { StateDirectory } from './state-directory.ts';

/**
 * Keeps a state directory to one process. The lock is SQLite's exclusive file lock, held by the kernel: it ends with the
 * process, however that ends, so there is never a stale one to judge. The record beside it only tells who holds it.
 */
export function lockStateDirectory(state: StateDirectory): Disposable {
  const database = new DatabaseSync(state.lock, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw isBusy(cause) ? alreadyInUse(state) : cause;
  }
  recordThisProcess(state, {});
  return {
    [Symbol.dispose]() {
      removeProcessRecord(state);
      database.close();
    },
  };
}

/** SQLITE_BUSY and SQLITE_LOCKED: somebody else, or another part of this process, holds it. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (error.errcode === 5 || error.errcode === 6);
}

function alreadyInUse(state: StateDirectory): UserError {
  const holder = readProcessRecord(state);
  return new UserError('StateDirectoryInUse', {
    what: `The state directory ${state.path} is in use${holder === undefined ? '' : ` by process ${holder.pid}`}`,
    why: 'Two processes that write to one state would destroy it',
    whatToDo: `Stop the other with: vdi down --state-dir ${state.path}, or choose another directory with --state-dir`,
  });
}
