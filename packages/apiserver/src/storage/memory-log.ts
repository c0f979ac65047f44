import type { Journal } from './journal.ts';
import { JournaledLog } from './journaled-log.ts';
import type { RevisionLog } from './revision-log.ts';

/** A log that lasts as long as the process. */
export function createMemoryLog(): RevisionLog {
  const forgetful: Journal = {
    load: () => ({ entries: [], compactedRevision: 0 }),
    append: () => undefined,
    compact: () => undefined,
    [Symbol.dispose]: () => undefined,
  };
  return new JournaledLog(forgetful);
}
