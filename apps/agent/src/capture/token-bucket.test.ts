import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

describe('the token bucket', () => {
  it('lets a burst through at once and then one per interval', () => {
    const bucket = createTokenBucket({ burst: 3, perSecond: 50 });
    expect([1, 2, 3, 4].map(() => bucket.take(1000))).toEqual([true, true, true, false]);
    expect(bucket.availableAt(1000)).toBeCloseTo(1020);
    expect(bucket.take(1019)).toBe(false);
    expect(bucket.take(1020)).toBe(true);
  });

  it('follows a new rate', () => {
    const bucket = createTokenBucket({ burst: 1, perSecond: 50 });
    bucket.take(0);
    bucket.setRate(10);
    expect(bucket.availableAt(0)).toBeCloseTo(100);
  });

  it('always has a token at the moment it promised, and gives no more than burst and rate allow', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 240 }),
        fc.array(fc.double({ min: 0, max: 500, noNaN: true }), { maxLength: 200 }),
        (burst, perSecond, waits) => {
          const bucket = createTokenBucket({ burst, perSecond });
          let [nowMs, taken] = [0, 0];
          for (const waitMs of waits) {
            nowMs = Math.max(nowMs + waitMs, bucket.availableAt(nowMs));
            expect(bucket.take(nowMs)).toBe(true);
            taken += 1;
            expect(taken).toBeLessThanOrEqual(burst + (nowMs * perSecond) / 1000 + 0.01);
          }
        },
      ),
    );
  });
});
