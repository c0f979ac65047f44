import type { Clock } from './clock.ts';
import { RetryLimiter, type RetryLimits } from './retry-limiter.ts';
import type { WorkQueueMetrics } from './work-queue-metrics.ts';

export interface WorkQueueOptions {
  readonly clock: Clock;
  readonly metrics: WorkQueueMetrics;
  readonly retryLimits?: RetryLimits;
}

interface Delayed {
  readonly dueAtMs: number;
  readonly cancel: () => void;
}

/**
 * Keys that need a look, each at most once however often it was added. A key is never with two workers; one added while
 * it is worked on is handed out again afterwards, because the worker may have looked before the change. Of several delayed
 * adds of a key the earliest counts: whoever looks then decides anew when to look next.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #metrics: WorkQueueMetrics;
  readonly #limiter: RetryLimiter;
  /** Ready keys and since when, in the order in which they are handed out. */
  readonly #ready = new Map<string, number>();
  readonly #processing = new Map<string, number>();
  readonly #addedWhileProcessing = new Set<string>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #takers: ((key: string | undefined) => void)[] = [];
  #idle: PromiseWithResolvers<void> | undefined;
  #isClosed = false;

  constructor({ clock, metrics, retryLimits }: WorkQueueOptions) {
    this.#clock = clock;
    this.#metrics = metrics;
    this.#limiter = new RetryLimiter(retryLimits);
  }

  add(key: string): void {
    if (this.#isClosed || this.#ready.has(key) || this.#addedWhileProcessing.has(key)) return;
    this.#metrics.added();
    if (this.#processing.has(key)) this.#addedWhileProcessing.add(key);
    else this.#makeReady(key);
  }

  addAfter(key: string, delayMs: number): void {
    if (delayMs <= 0) return this.add(key);
    const dueAtMs = this.#clock.monotonicMs() + delayMs;
    const earlier = this.#delayed.get(key);
    if (this.#isClosed || (earlier !== undefined && earlier.dueAtMs <= dueAtMs)) return;
    earlier?.cancel();
    const cancel = this.#clock.after(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { dueAtMs, cancel });
  }

  /** Adds a key that failed, after its back-off. */
  retry(key: string): void {
    this.#metrics.retried();
    this.addAfter(key, this.#limiter.nextDelayMs(key, this.#clock.monotonicMs()));
  }

  /** Ends the back-off of a key that succeeded. */
  forget(key: string): void {
    this.#limiter.forget(key);
  }

  /** The key that waited longest, as soon as there is one; it is the taker's until `done`. Undefined when closed. */
  take(): Promise<string | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#takers.push(resolve);
    this.#handOut();
    return promise;
  }

  /** Must be called once for each key taken. */
  done(key: string): void {
    const startedAtMs = this.#processing.get(key);
    if (startedAtMs === undefined) throw new Error(`Key ${key} is done although nobody has taken it`);
    this.#processing.delete(key);
    this.#metrics.worked((this.#clock.monotonicMs() - startedAtMs) / 1000);
    if (this.#addedWhileProcessing.delete(key)) this.#makeReady(key);
    this.#checkIdle();
  }

  /** Resolves when no key is ready or worked on; delayed ones do not count. */
  whenIdle(): Promise<void> {
    this.#idle ??= Promise.withResolvers();
    const { promise } = this.#idle;
    this.#checkIdle();
    return promise;
  }

  /** Drops all keys, tells the takers to go, and takes no more. */
  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#addedWhileProcessing.clear();
    this.#ready.clear();
    this.#metrics.depth(0);
    for (const taker of this.#takers.splice(0)) taker(undefined);
    this.#checkIdle();
  }

  #makeReady(key: string): void {
    if (this.#isClosed) return;
    this.#ready.set(key, this.#clock.monotonicMs());
    this.#handOut();
    this.#metrics.depth(this.#ready.size);
  }

  #handOut(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, readySinceMs] of this.#ready) {
      const taker = this.#takers.shift();
      if (taker === undefined) return;
      this.#ready.delete(key);
      this.#processing.set(key, nowMs);
      this.#metrics.waited((nowMs - readySinceMs) / 1000);
      this.#metrics.depth(this.#ready.size);
      taker(key);
    }
  }

  #checkIdle(): void {
    if (this.#ready.size > 0 || this.#processing.size > 0) return;
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
