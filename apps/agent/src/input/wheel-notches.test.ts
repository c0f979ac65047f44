import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWheelNotches } from './wheel-notches.ts';

describe('wheel notches', () => {
  it('gather small movements and keep the rest', () => {
    const wheel = createWheelNotches();
    expect([40, 40, 40, 100, 79, 1].map((dy) => wheel.add(0, dy).down)).toEqual([0, 0, 1, 1, 0, 1]);
  });

  it('start afresh when the wheel turns', () => {
    const wheel = createWheelNotches();
    wheel.add(0, 90);
    expect(wheel.add(0, -100).down).toBe(-1);
  });

  it('lose nothing in one direction, whatever the steps, and keep the axes apart', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 50 });
    fc.assert(
      fc.property(steps, fc.constantFrom(1, -1), (pixels, direction) => {
        const wheel = createWheelNotches();
        const turns = pixels.map((dx) => wheel.add(dx * direction, 0));
        const right = turns.reduce((sum, turn) => sum + turn.right, 0);
        const total = pixels.reduce((sum, dx) => sum + dx, 0);
        expect(Math.abs(right)).toBe(Math.floor(total / 100));
        expect(turns.every(({ down }) => down === 0)).toBe(true);
      }),
    );
  });

  it('are bounded, whatever a viewer sends', () => {
    expect(createWheelNotches().add(10_000, -10_000)).toEqual({ right: 32, down: -32 });
  });
});
