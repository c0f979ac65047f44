import { setTimeout as delay } from 'node:timers/promises';

/** Lets time pass while something is measured. Rejects with the reason of `signal` when that ends it. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
