import { exponentialMs } from './full-jitter.ts';
import { TokenBucket } from './token-bucket.ts';

/** How soon a key that failed may be tried again: its own back-off, and a limit that all keys share. */
export interface RetryLimits {
  readonly baseMs: number;
  readonly maxMs: number;
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** Those of client-go's DefaultControllerRateLimiter. */
const defaultRetryLimits: RetryLimits = { baseMs: 5, maxMs: 1_000_000, ratePerSecond: 10, burst: 100 };

/** Counts the failures of each key. */
export class RetryLimiter {
  readonly #limits: RetryLimits;
  readonly #bucket: TokenBucket;
  readonly #failures = new Map<string, number>();

  constructor(limits: RetryLimits = defaultRetryLimits) {
    this.#limits = limits;
    this.#bucket = new TokenBucket(limits);
  }

  /** Counts one more failure of `key` and says how long to wait. */
  nextDelayMs(key: string, nowMs: number): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    return Math.max(exponentialMs(failures, this.#limits), this.#bucket.reserveMs(nowMs));
  }

  /** `key` succeeded; its next failure is its first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }
}
