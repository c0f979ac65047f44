import type { Clock } from '@vdi/controller';

/** The time of this machine. What it waits for does not keep the program alive: containers go on without it. */
export const nodeClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  after(delayMilliseconds, callback) {
    const timer = setTimeout(callback, delayMilliseconds);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Waits on a clock. Rejects with the signal's reason when that comes first. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = clock.after(milliseconds, () => {
      signal.removeEventListener('abort', fail);
      resolve();
    });
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/** `metav1.Time`: RFC 3339 with whole seconds. */
export const timestamp = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
