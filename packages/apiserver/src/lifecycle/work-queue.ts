import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';

const firstRetryMs = 1000;
const lastRetryMs = 60_000;

/**
 * Keys to look at, each at most once at a time and outside the write that raised it. What fails is tried again, later
 * each time. `look` reads the newest state: a key says where to look, not what happened.
 */
export class WorkQueue implements Disposable {
  readonly #look: (key: string) => void;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #keys = new Set<string>();
  readonly #retries = new Map<string, { readonly delayMs: number; readonly cancel: () => void }>();
  #next: NodeJS.Immediate | undefined;
  #isStopped = false;

  constructor(look: (key: string) => void, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#look = look;
    this.#clock = clock;
    this.#logger = logger;
  }

  add(key: string): void {
    if (this.#isStopped) return;
    this.#keys.add(key);
    this.#next ??= setImmediate(() => this.#work());
  }

  [Symbol.dispose](): void {
    this.#isStopped = true;
    this.#keys.clear();
    if (this.#next !== undefined) clearImmediate(this.#next);
    for (const { cancel } of this.#retries.values()) cancel();
  }

  /** One key a turn, so that requests are answered in between. */
  #work(): void {
    this.#next = undefined;
    const [key] = this.#keys;
    if (key === undefined) return;
    this.#keys.delete(key);
    try {
      this.#look(key);
      this.#retries.get(key)?.cancel();
      this.#retries.delete(key);
    } catch (cause) {
      this.#retryLater(key, cause);
    }
    if (this.#keys.size > 0) this.#next ??= setImmediate(() => this.#work());
  }

  #retryLater(key: string, cause: unknown): void {
    const before = this.#retries.get(key);
    before?.cancel();
    const delayMs = Math.min((before?.delayMs ?? firstRetryMs / 2) * 2, lastRetryMs);
    this.#logger.warn({ object: key, delayMs, err: cause }, 'Failed to process; will try again');
    this.#retries.set(key, { delayMs, cancel: this.#clock.after(delayMs, () => this.add(key)) });
  }
}
