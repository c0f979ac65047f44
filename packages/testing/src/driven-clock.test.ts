import { describe, expect, it } from 'vitest';
import { createDrivenClock } from './driven-clock.ts';

describe('the driven clock', () => {
  it('runs what is due in the order of time, each at its own moment', async () => {
    const clock = createDrivenClock(new Date(0));
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} at ${clock.now().getTime()}`);
    clock.after(20, note('second'));
    clock.after(10, note('first'));
    clock.after(31, note('not yet'));
    await clock.advance(30);
    expect(seen).toEqual(['first at 10', 'second at 20']);
    expect([clock.now().getTime(), clock.pending]).toEqual([30, 1]);
  });

  it('keeps the order of timers due at the same moment', async () => {
    const clock = createDrivenClock();
    const seen: number[] = [];
    for (const number of [1, 2, 3]) clock.after(5, () => void seen.push(number));
    await clock.advance(5);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('also runs what a callback sets, within the same advance, promises included', async () => {
    const clock = createDrivenClock(new Date(0));
    const seen: number[] = [];
    clock.after(10, () => {
      void Promise.resolve().then(() => clock.after(10, () => void seen.push(clock.now().getTime())));
    });
    await clock.advance(100);
    expect(seen).toEqual([20]);
  });

  it('lets what was begun before come to its timers before time moves', async () => {
    const clock = createDrivenClock(new Date(0));
    const seen: number[] = [];
    void Promise.resolve().then(() => clock.after(10, () => void seen.push(clock.monotonicMs())));
    await clock.advance(100);
    expect(seen).toEqual([10]);
  });

  it('does not run what was cancelled', async () => {
    const clock = createDrivenClock();
    const cancel = clock.after(1, () => expect.unreachable());
    cancel();
    await clock.advance(10);
    expect(clock.pending).toBe(0);
  });

  it('jumps on the wall without anything becoming due, or late, by it', async () => {
    const clock = createDrivenClock(new Date(0));
    const seen: number[] = [];
    clock.after(10, () => void seen.push(clock.monotonicMs()));
    clock.jump(3_600_000);
    await clock.advance(9);
    expect(seen).toEqual([]);
    clock.jump(-7_200_000);
    await clock.advance(1);
    expect(seen).toEqual([10]);
    expect(clock.now().getTime()).toBe(10 - 3_600_000);
  });
});
