import type { Clock } from './clock.ts';

/** Resolves after so long, or as soon as `signal` aborts; who must know which, asks the signal. */
export function sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => {
    cancel();
    signal.removeEventListener('abort', wake);
    resolve();
  };
  const cancel = clock.after(milliseconds, wake);
  signal.addEventListener('abort', wake, { once: true });
  return promise;
}
