import { describe, expect, it } from 'vitest';
import { systemClock } from './clock.ts';

describe('the system clock', () => {
  it('does not take a time of months for one that is over', async () => {
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = systemClock.after(2 ** 31 + 1_000, () => void seen.push('in 25 days'));
    systemClock.after(10, () => {
      seen.push('in 10 ms');
      resolve();
    });
    await promise;
    cancel();
    expect(seen).toEqual(['in 10 ms']);
  });

  it('does not call what was cancelled', async () => {
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = systemClock.after(1, () => void seen.push('cancelled'));
    cancel();
    systemClock.after(5, resolve);
    await promise;
    expect(seen).toEqual([]);
  });

  it('counts on, whatever the wall clock says', async () => {
    const before = systemClock.monotonicMs();
    const { promise, resolve } = Promise.withResolvers<void>();
    systemClock.after(5, resolve);
    await promise;
    expect(systemClock.monotonicMs() - before).toBeGreaterThanOrEqual(4);
    expect(Math.abs(systemClock.now().getTime() - Date.now())).toBeLessThan(1_000);
  });
});
