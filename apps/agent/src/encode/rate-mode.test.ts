import { describe, expect, it } from 'vitest';
import { createRateModeChooser } from './rate-mode.ts';

const megabit = 1_000_000;
const at = (megabits: number) => ({ bitsPerSecond: megabits * megabit, framesPerSecond: 60 });

describe('the rate mode', () => {
  it('is sharp while what is sent fits the target', () => {
    const rate = createRateModeChooser();
    rate.setTarget(at(20));
    for (let frame = 0; frame < 120; frame += 1) rate.sent(40_000, false, frame * 16.7);
    expect(rate.mode).toBe('sharp');
  });

  it('is bounded once half a second holds more than the target', () => {
    const rate = createRateModeChooser();
    rate.setTarget(at(20));
    let frame = 0;
    for (; rate.mode === 'sharp' && frame < 60; frame += 1) rate.sent(80_000, false, frame * 16.7);
    expect(frame * 80_000 * 8).toBeGreaterThan(10 * megabit);
    expect(frame).toBeLessThan(20);
    expect(rate.mode).toBe('bounded');
  });

  it('is sharp again at rest, five seconds later', () => {
    const rate = createRateModeChooser();
    rate.setTarget(at(20));
    rate.sent(100_000, true, 0);
    rate.sent(2_000_000, false, 0);
    expect(rate.mode).toBe('bounded');
    rate.rested(4999);
    expect(rate.mode).toBe('bounded');
    rate.rested(5000);
    expect(rate.mode).toBe('sharp');
  });

  it('stays bounded where a sharp keyframe would hold up the path', () => {
    const rate = createRateModeChooser();
    rate.setTarget(at(10));
    rate.sent(400_000, true, 0);
    rate.sent(2_000_000, false, 0);
    rate.rested(10_000);
    expect(rate.mode).toBe('bounded');
    rate.setTarget(at(20));
    rate.rested(20_000);
    expect(rate.mode).toBe('sharp');
  });

  it('is bounded on a slow path from the start', () => {
    const rate = createRateModeChooser();
    rate.setTarget(at(5));
    expect(rate.mode).toBe('bounded');
    rate.rested(60_000);
    expect(rate.mode).toBe('bounded');
  });
});
