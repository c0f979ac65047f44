import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenRowsWithin, unionRows, type Rows } from './rows.ts';

const someRows = fc
  .tuple(fc.integer({ min: -50, max: 300 }), fc.integer({ min: 1, max: 300 }))
  .map(([top, count]): Rows => ({ top, bottom: top + count }));

describe('rows', () => {
  it('hold both bands after a union, and nothing wider', () => {
    fc.assert(
      fc.property(someRows, someRows, (a, b) => {
        const union = unionRows(a, b);
        expect(union).toEqual({ top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom) });
        expect(unionRows(a, undefined)).toEqual(a);
        expect(unionRows(undefined, b)).toEqual(b);
      }),
    );
  });

  it('are even and on the screen, and cover what of them is on it', () => {
    fc.assert(
      fc.property(someRows, fc.integer({ min: 1, max: 150 }), (rows, half) => {
        const height = half * 2;
        const even = evenRowsWithin(rows, height);
        const isVisible = rows.bottom > 0 && rows.top < height;
        expect(even !== undefined).toBe(isVisible);
        if (!even) return;
        expect([even.top % 2, even.bottom % 2]).toEqual([0, 0]);
        expect(even.top).toBeLessThanOrEqual(Math.max(0, rows.top));
        expect(even.bottom).toBeGreaterThanOrEqual(Math.min(height, rows.bottom));
        expect(even.top >= 0 && even.bottom <= height).toBe(true);
      }),
    );
  });
});
