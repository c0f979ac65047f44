import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pacer } from './pacer.ts';

it('lets a small frame go at once', () => {
  const pacer = new Pacer<string>(1_000_000);
  pacer.enqueue('video', 'a', 1200);
  pacer.enqueue('video', 'b', 1200);
  expect(pacer.drain(0)).toEqual(['a', 'b']);
  expect(pacer.untilNextDrainMs()).toBeUndefined();
});

it('sends audio before retransmissions before video, and audio even when the budget is gone', () => {
  const pacer = new Pacer<string>(800_000);
  pacer.enqueue('video', 'large', 20_000);
  expect(pacer.drain(0)).toEqual(['large']);
  pacer.enqueue('video', 'video', 1000);
  pacer.enqueue('retransmission', 'again', 1000);
  pacer.enqueue('audio', 'sound', 200);
  expect(pacer.drain(0)).toEqual(['sound']);
  const waitMs = pacer.untilNextDrainMs()!;
  expect(waitMs).toBeGreaterThan(50);
  expect(pacer.drain(waitMs + 11)[0]).toBe('again');
});

it('never sends faster than its rate beyond one burst, whatever the sizes and times', () => {
  const sizes = fc.array(fc.integer({ min: 100, max: 1200 }), { minLength: 50, maxLength: 400 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 500_000, max: 20_000_000 }), (packets, bitsPerSecond) => {
      const pacer = new Pacer<number>(bitsPerSecond);
      for (const size of packets) pacer.enqueue('video', size, size);
      let now = 0;
      let sent = pacer.drain(now).reduce((sum, size) => sum + size, 0);
      for (let wait = pacer.untilNextDrainMs(); wait !== undefined; wait = pacer.untilNextDrainMs()) {
        now += Math.max(wait, 0.01);
        sent += pacer.drain(now).reduce((sum, size) => sum + size, 0);
        const burst = Math.max(14_400, (bitsPerSecond / 8000) * 5);
        expect(sent).toBeLessThanOrEqual(burst + 1200 + (bitsPerSecond / 8000) * now + 1);
      }
      expect(sent).toBe(packets.reduce((sum, size) => sum + size, 0));
    }),
  );
});

it('says how long what waits will take, and forgets it when told', () => {
  const pacer = new Pacer<string>(8_000_000);
  pacer.enqueue('video', 'frame', 10_000);
  expect(pacer.waitMs('video')).toBe(10);
  pacer.clear('video');
  expect(pacer.waitMs('video')).toBe(0);
  expect(pacer.drain(0)).toEqual([]);
});
