import type { ObjectKey } from './object-key.ts';

/** What is left to do for a key: nothing until something changes, or another look after some time. */
export type Outcome = { readonly type: 'settled' } | { readonly type: 'requeueAfter'; readonly milliseconds: number };

/** Nothing to do until an event comes. */
export const settled: Outcome = { type: 'settled' };

/** Look again after `milliseconds`, whether or not anything happens. Throws `RangeError` for a time that is none. */
export function requeueAfter(milliseconds: number): Outcome {
  if (!(milliseconds >= 0) || milliseconds === Infinity) {
    throw new RangeError(`requeueAfter needs a number of milliseconds of at least 0, and got ${milliseconds}`);
  }
  return { type: 'requeueAfter', milliseconds };
}

/**
 * Brings the world one step closer to what the object named by `key` asks for. It is told nothing about what happened, so
 * it looks at everything; it may be killed between any two writes; an object that is gone is settled. What it throws is
 * retried with back-off, except `TerminalError`. `signal` aborts at the deadline, at shutdown and when leadership is lost.
 */
export type Reconcile = (key: ObjectKey, signal: AbortSignal) => Promise<Outcome>;

/** A failure that trying again cannot mend: it is logged and counted, and the key waits for the next event. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}
