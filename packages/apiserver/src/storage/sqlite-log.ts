import { JournaledLog } from './journaled-log.ts';
import type { RevisionLog } from './revision-log.ts';
import { SqliteJournal } from './sqlite-journal.ts';

/**
 * A log in one SQLite file that survives the loss of power: a change is on the disk before it is answered. One process
 * at a time; throws `StorageFailure` if another holds the file or if it is not ours. `maxBytes` limits the file's size.
 */
export function openSqliteLog(path: string, options: { readonly maxBytes?: number } = {}): RevisionLog {
  const journal = new SqliteJournal(path, options);
  try {
    return new JournaledLog(journal);
  } catch (cause) {
    journal[Symbol.dispose]();
    throw cause;
  }
}
