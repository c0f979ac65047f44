import { createDrivenClock, type DrivenClock } from '@vdi/testing';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { CaptureSchedule, defaultTiming, type CaptureTiming, type FramePurpose } from './capture-schedule.ts';
import type { Rows } from './rows.ts';

interface Frame {
  readonly atMs: number;
  readonly purpose: FramePurpose;
  readonly rows: Rows | undefined;
}

const wholeScreen: Rows = { top: 0, bottom: 100 };

function aSchedule(options: {
  readonly clock: DrivenClock;
  readonly encodeMs?: number;
  readonly refines?: boolean;
  readonly timing?: Partial<CaptureTiming>;
}) {
  const { clock, encodeMs = 2, refines = false } = options;
  const frames: Frame[] = [];
  const nowMs = () => clock.now().getTime();
  const schedule = new CaptureSchedule({
    clock: {
      nowMs,
      timeOrigin: 0,
      date: () => clock.now(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
    },
    timing: { ...defaultTiming, ...options.timing },
    wantsRefinement: () => refines,
    run: (rows, purpose) => {
      frames.push({ atMs: nowMs(), purpose, rows });
      return new Promise((resolve) => clock.after(encodeMs, resolve));
    },
  });
  return { schedule, frames };
}

describe('the capture schedule', () => {
  let clock: DrivenClock;
  beforeEach(() => {
    clock = createDrivenClock(new Date(0));
  });

  it('begins with the whole screen and then waits for damage', async () => {
    const { schedule, frames } = aSchedule({ clock });
    schedule.start(wholeScreen);
    await clock.advance(1900);
    expect(frames).toEqual([{ atMs: 0, purpose: 'change', rows: wholeScreen }]);
  });

  it('looks a millisecond after a first change, with everything that came until then', async () => {
    const { schedule, frames } = aSchedule({ clock });
    schedule.start(wholeScreen);
    await clock.advance(500);
    schedule.damaged({ top: 10, bottom: 20 });
    schedule.damaged({ top: 40, bottom: 50 });
    await clock.advance(10);
    expect(frames.slice(1)).toEqual([{ atMs: 501, purpose: 'change', rows: { top: 10, bottom: 50 } }]);
  });

  it('has one frame in flight and takes what came meanwhile right after it', async () => {
    const { schedule, frames } = aSchedule({ clock, encodeMs: 8 });
    schedule.start(wholeScreen);
    await clock.advance(500);
    schedule.damaged({ top: 0, bottom: 10 });
    await clock.advance(3);
    schedule.damaged({ top: 20, bottom: 30 });
    schedule.damaged({ top: 60, bottom: 70 });
    await clock.advance(20);
    expect(frames.slice(1)).toEqual([
      { atMs: 501, purpose: 'change', rows: { top: 0, bottom: 10 } },
      { atMs: 509, purpose: 'change', rows: { top: 20, bottom: 70 } },
    ]);
  });

  it('lets the running frame take the damage that comes while the screen is read', async () => {
    const { schedule, frames } = aSchedule({ clock });
    schedule.start(wholeScreen);
    schedule.damaged({ top: 4, bottom: 8 });
    expect(schedule.takeDamage()).toEqual({ top: 4, bottom: 8 });
    await clock.advance(500);
    expect(frames).toHaveLength(1);
  });

  it('refines a screen at rest a few times, where that helps, and not before', async () => {
    const { schedule, frames } = aSchedule({ clock, refines: true });
    schedule.start(wholeScreen);
    await clock.advance(1500);
    expect(frames.slice(1).map(({ atMs, purpose }) => [atMs, purpose])).toEqual(
      [250, 350, 450, 550].map((atMs) => [atMs, 'refinement']),
    );
  });

  it('gives a sign of life after every two seconds of silence', async () => {
    const { schedule, frames } = aSchedule({ clock });
    schedule.start(wholeScreen);
    await clock.advance(6500);
    expect(frames.map(({ atMs, purpose }) => [atMs, purpose])).toEqual([
      [0, 'change'],
      ...[2000, 4000, 6000].map((atMs) => [atMs, 'sign-of-life']),
    ]);
  });

  it('gives a demanded frame at once, and waits for nothing when stopped', async () => {
    const { schedule, frames } = aSchedule({ clock });
    schedule.start(wholeScreen);
    await clock.advance(700);
    schedule.demand();
    expect(frames.at(-1)).toEqual({ atMs: 700, purpose: 'change', rows: undefined });
    await clock.advance(10);
    schedule.stop();
    schedule.damaged(wholeScreen);
    expect(clock.pending).toBe(0);
    await clock.advance(10_000);
    expect(frames).toHaveLength(2);
  });

  it('never exceeds the frame rate but by its burst, and never forgets damage', async () => {
    const change = fc.record({ waitMs: fc.integer({ min: 0, max: 40 }), top: fc.integer({ min: 0, max: 98 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        async (changes, encodeMs) => {
          const driven = createDrivenClock(new Date(0));
          const { schedule, frames } = aSchedule({ clock: driven, encodeMs });
          schedule.start(wholeScreen);
          const drawn: { readonly atMs: number; readonly top: number }[] = [];
          for (const { waitMs, top } of changes) {
            await driven.advance(waitMs);
            drawn.push({ atMs: driven.now().getTime(), top });
            schedule.damaged({ top, bottom: top + 2 });
          }
          await driven.advance(1000);
          for (const { atMs, top } of drawn)
            expect(
              frames.some(({ rows, atMs: at }) => at >= atMs && rows && rows.top <= top && rows.bottom >= top + 2),
            ).toBe(true);
          for (const first of frames) {
            const within = frames.filter(({ atMs }) => atMs >= first.atMs && atMs < first.atMs + 100);
            expect(within.length).toBeLessThanOrEqual(defaultTiming.burstFrames + 6);
          }
          frames
            .slice(1)
            .forEach(({ atMs }, index) => expect(atMs - (frames[index]?.atMs ?? 0)).toBeGreaterThanOrEqual(encodeMs));
          schedule.stop();
        },
      ),
      { numRuns: 100 },
    );
  });
});
