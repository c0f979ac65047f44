import type { Runtime } from './runtime.ts';
import type { Reflector } from './reflector.ts';

interface Expectation {
  readonly reflector: Pick<Reflector, 'until'>;
  readonly isMet: () => boolean;
}

/** What a cache must have seen before anybody decides by it again, because we wrote it ourselves. */
export class Expectations {
  readonly #runtime: Pick<Runtime, 'logger'>;
  readonly #timeoutMs: number;
  readonly #open = new Set<Expectation>();

  constructor(runtime: Pick<Runtime, 'logger'>, timeoutMs: number) {
    this.#runtime = runtime;
    this.#timeoutMs = timeoutMs;
  }

  expect(reflector: Pick<Reflector, 'until'>, isMet: () => boolean): void {
    this.#dropMet();
    if (!isMet()) this.#open.add({ reflector, isMet });
  }

  /**
   * Waits until everything expected so far was seen, or for the longest wait: a watch that hangs must not stop the work for
   * good, and preconditions keep what is decided by an old view from doing harm.
   */
  async met(signal?: AbortSignal): Promise<void> {
    const options = { timeoutMs: this.#timeoutMs, ...(signal && { signal }) };
    const waits = [...this.#open].map(async (expectation) => {
      const isMet = await expectation.reflector.until(expectation.isMet, options);
      this.#open.delete(expectation);
      return isMet;
    });
    const results = await Promise.all(waits);
    const missed = results.filter((isMet) => !isMet).length;
    if (missed > 0) this.#runtime.logger.warn({ missed }, 'Went on without having seen our own writes in the cache');
  }

  #dropMet(): void {
    for (const expectation of this.#open) if (expectation.isMet()) this.#open.delete(expectation);
  }
}
