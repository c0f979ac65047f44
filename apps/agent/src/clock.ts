import type { MediaClock } from '@vdi/media';

/** Time as an argument, so that a test can drive it. */
export interface Clock extends MediaClock {
  /** The wall clock; tickets expire by it. */
  date(): Date;
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  timeOrigin: performance.timeOrigin,
  date: () => new Date(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
