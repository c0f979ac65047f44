import type { Clock } from '@vdi/controller';
import type { Logger } from '@vdi/telemetry';
import type { SessionChange } from './catalog.ts';

/** Those who want to know of every change of a session. */
export class SessionListeners {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #listeners = new Set<(change: SessionChange) => void>();

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  add(listener: (change: SessionChange) => void): () => void {
    // A function of our own, so that whoever subscribes twice is told twice and can stop once.
    const own = (change: SessionChange): void => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  tell(change: SessionChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        // One that throws must not keep the others from what happened.
        this.#log.error({ session: change.session.metadata.name, err: error }, 'A listener failed on a change');
      }
    }
  }

  async until(condition: () => boolean, timeoutMs: number): Promise<boolean> {
    if (condition()) return true;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const unsubscribe = this.add(() => condition() && resolve(true));
    const cancelTimeout = this.#clock.after(timeoutMs, () => resolve(false));
    try {
      return await promise;
    } finally {
      unsubscribe();
      cancelTimeout();
    }
  }
}
