/** A clock that never goes back, in milliseconds; injected, so that tests can drive it. */
export interface Clock {
  nowMs(): number;
  /** Runs `callback` once, after so long; the result cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The clock of this process: the origin of `performance.now()`. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
