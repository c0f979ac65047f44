/** Time as an argument, so that a test can drive it. */
export interface Clock {
  now(): Date;
  /** Runs `callback` once after `delayMilliseconds`; the result cancels it. Does not keep a process alive. */
  after(delayMilliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  after(delayMilliseconds, callback) {
    const timer = setTimeout(callback, delayMilliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** `metav1.Time`: RFC 3339 with whole seconds. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
