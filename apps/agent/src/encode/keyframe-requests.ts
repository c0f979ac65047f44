import type { Clock } from '../clock.ts';

/**
 * Answers requests for keyframes, but not each: a keyframe is large, and a receiver that asks again has most likely not
 * got the last one yet. A request too soon after a keyframe is kept until its time.
 */
export interface KeyframeRequests {
  /** Whether the next frame must be a keyframe. */
  readonly isDue: boolean;
  request(): void;
  /** A keyframe was made. */
  made(): void;
  cancel(): void;
}

const intervalMs = 250;

/** @param due called when a request's time has come */
export function createKeyframeRequests(clock: Clock, due: () => void): KeyframeRequests {
  let isDue = true; // a stream begins with one
  let madeAtMs = -Infinity;
  let cancelWait: (() => void) | undefined;

  const answer = (): void => {
    cancelWait = undefined;
    isDue = true;
    due();
  };
  return {
    get isDue() {
      return isDue;
    },
    request() {
      if (cancelWait) return;
      const waitMs = madeAtMs + intervalMs - clock.nowMs();
      if (waitMs <= 0) answer();
      else cancelWait = clock.after(waitMs, answer);
    },
    made() {
      isDue = false;
      madeAtMs = clock.nowMs();
    },
    cancel() {
      cancelWait?.();
      cancelWait = undefined;
    },
  };
}
