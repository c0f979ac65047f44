/** Time as a controller needs it; a test drives its own. */
export interface Clock {
  /** The wall clock. It may jump; only what is written into objects may come from it. */
  now(): Date;
  /** Milliseconds since some fixed moment. Never jumps: all waiting and all deadlines are measured by it. */
  monotonicMs(): number;
  /** Runs `callback` once, `delayMilliseconds` later on the monotonic clock; the result cancels it. */
  after(delayMilliseconds: number, callback: () => void): () => void;
}

/** What `setTimeout` can wait for at most; anything longer would fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(delayMilliseconds, callback) {
    const dueAtMs = performance.now() + delayMilliseconds;
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = dueAtMs - performance.now();
      timer = leftMs > longestTimerMs ? setTimeout(wait, longestTimerMs) : setTimeout(callback, Math.max(0, leftMs));
    };
    wait();
    return () => clearTimeout(timer);
  },
};
