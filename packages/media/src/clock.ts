/** Time as an argument, so that a test can drive it. */
export interface MediaClock {
  /** Milliseconds of a steady clock with sub-millisecond digits, as `performance.now()`. */
  nowMs(): number;
  /** Unix time in milliseconds at which `nowMs()` was zero, as `performance.timeOrigin`. */
  readonly timeOrigin: number;
  /** Runs `callback` once after `delayMs`; the result cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}
