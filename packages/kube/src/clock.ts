/** Time as the client needs it; a test drives its own. */
export interface Clock {
  /** Runs `callback` once after `delayMilliseconds`; the result cancels it. */
  after(delayMilliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  after(delayMilliseconds, callback) {
    const timer = setTimeout(callback, delayMilliseconds);
    return () => clearTimeout(timer);
  },
};
