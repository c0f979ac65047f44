import { describe, expect, it } from 'vitest';
import { percentile, SimulatedStream } from '../testing/simulated-stream.ts';
import { defaultCongestion } from './congestion-controller.ts';

const megabits = (number: number): number => number * 1_000_000;
const target = (stream: SimulatedStream): number => stream.sender.statistics.targetBitsPerSecond;

describe('a path of constant capacity', () => {
  it.each([1, 3, 8, 20, 40])('of %s Mbit/s is used well, with a short queue', (capacity) => {
    const stream = new SimulatedStream({ path: { bitsPerSecond: megabits(capacity) } });
    stream.run(30);
    const queues = stream.run(20);
    expect(target(stream)).toBeGreaterThan(megabits(capacity) * 0.6);
    expect(target(stream)).toBeLessThan(megabits(capacity) * 1.1);
    expect(percentile(queues, 0.5)).toBeLessThan(60);
    expect(percentile(queues, 0.95)).toBeLessThan(150);
  });
});

describe('a path that changes', () => {
  it('is followed down within two seconds and up again', () => {
    const stream = new SimulatedStream({ path: { bitsPerSecond: megabits(20) } });
    stream.run(20);
    stream.path.options = { ...stream.path.options, bitsPerSecond: megabits(2) };
    stream.run(2);
    expect(target(stream)).toBeLessThan(megabits(3));
    const queues = stream.run(10);
    expect(percentile(queues, 0.9)).toBeLessThan(150);
    stream.path.options = { ...stream.path.options, bitsPerSecond: megabits(20) };
    stream.run(30);
    expect(target(stream)).toBeGreaterThan(megabits(10));
  });
});

describe('a path that loses', () => {
  it('two of a hundred packets by chance keeps its rate', () => {
    const stream = new SimulatedStream({ path: { bitsPerSecond: megabits(20), loss: 0.019 } });
    stream.run(20);
    expect(target(stream)).toBeGreaterThan(megabits(8));
  });

  it('every fifth packet gets less', () => {
    const stream = new SimulatedStream({ path: { bitsPerSecond: megabits(20), loss: 0.2 } });
    stream.run(10);
    expect(target(stream)).toBeLessThan(megabits(5));
    expect(stream.sender.statistics.lossFraction).toBeGreaterThan(0.1);
  });
});

describe('a desktop', () => {
  it('that is silent most of the time keeps its estimate', () => {
    const stream = new SimulatedStream({ path: { jitterMs: 6 } });
    stream.run(1);
    const before = target(stream);
    for (let change = 0; change < 120; change += 1) {
      stream.frame(1500, change === 0);
      stream.clock.advance(180 + (change % 7) * 15);
    }
    expect(target(stream)).toBeGreaterThanOrEqual(before * 0.9);
  });

  it('that shows a large picture on a wide path learns of its width from it', () => {
    const stream = new SimulatedStream({ path: { bitsPerSecond: megabits(200) } });
    stream.frame(300_000, true);
    stream.clock.advance(500);
    expect(target(stream)).toBeGreaterThan(megabits(15));
  });

  it('is never slower or faster than the limits', () => {
    const slow = new SimulatedStream({ path: { bitsPerSecond: 50_000, queueMs: 1000 } });
    slow.run(20);
    expect(target(slow)).toBe(defaultCongestion.minimumBitsPerSecond);
    const fast = new SimulatedStream({ path: { bitsPerSecond: megabits(900) } });
    for (let picture = 0; picture < 12; picture += 1) {
      fast.frame(400_000, true);
      fast.clock.advance(300);
    }
    expect(target(fast)).toBeLessThanOrEqual(defaultCongestion.maximumBitsPerSecond);
  });
});
