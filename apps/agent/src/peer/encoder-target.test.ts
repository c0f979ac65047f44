import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encoderTarget, type PathEstimate } from './encoder-target.ts';

const path = (megabits: number, isController = false): PathEstimate => ({
  bitsPerSecond: megabits * 1_000_000,
  isController,
});
const megabits = (...paths: readonly PathEstimate[]): number | undefined => {
  const target = encoderTarget(paths);
  return target === undefined ? undefined : target.bitsPerSecond / 1_000_000;
};

describe('the encoder', () => {
  it('has no target without viewers', () => expect(megabits()).toBeUndefined());
  it('has that of the only path', () => expect(megabits(path(7))).toBe(7));
  it('has that of the slowest path which keeps up', () => expect(megabits(path(20, true), path(6), path(9))).toBe(6));
  it('does not wait for a path under a quarter of the controller', () =>
    expect(megabits(path(20, true), path(4))).toBe(20));
  it('follows the controller, however fast the others are', () => expect(megabits(path(2, true), path(40))).toBe(2));
  it('takes the fastest path for reference when nobody drives', () =>
    expect(megabits(path(8), path(1), path(3))).toBe(3));

  it('draws half as often on a narrow path', () => {
    expect(encoderTarget([path(1)])?.framesPerSecond).toBe(30);
    expect(encoderTarget([path(10)])?.framesPerSecond).toBe(60);
  });

  it('never has more than its controller can take, nor less than the slowest path', () => {
    const paths = fc.array(fc.double({ min: 0.3, max: 50, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(paths, fc.nat(), (speeds, choice) => {
        const controller = choice % speeds.length;
        const target = megabits(...speeds.map((speed, index) => path(speed, index === controller)))!;
        expect(target).toBeLessThanOrEqual(speeds[controller]! + 1e-6);
        expect(target).toBeGreaterThanOrEqual(Math.min(...speeds) - 1e-6);
      }),
    );
  });
});
