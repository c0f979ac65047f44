import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { screenSizeFor } from './screen-size.ts';

describe('the size of the screen', () => {
  it('is the viewport, made even', () => {
    const maximum = { width: 3840, height: 2160 };
    expect(screenSizeFor({ width: 1367, height: 769 }, maximum)).toEqual({ width: 1366, height: 768 });
  });

  it('is even, within its limits, and no further from the viewport than it must be', () => {
    const side = fc.integer({ min: 1, max: 16_384 });
    const maximum = { width: 2560, height: 1600 };
    fc.assert(
      fc.property(side, side, (width, height) => {
        const size = screenSizeFor({ width, height }, maximum);
        expect([size.width % 2, size.height % 2]).toEqual([0, 0]);
        expect(size.width).toBe(Math.min(2560, Math.max(320, width - (width % 2))));
        expect(size.height).toBe(Math.min(1600, Math.max(240, height - (height % 2))));
      }),
    );
  });
});
