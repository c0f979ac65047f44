import type { Clock } from '../display/clock.ts';
import { unionRows, type Rows } from './rows.ts';
import { createTokenBucket } from './token-bucket.ts';

/**
 * When to look at the screen. Driven by damage, never by a tick:
 *
 * - the first change after a pause waits about a millisecond, because programs draw in several steps;
 * - one frame is in flight at a time, damage that comes meanwhile is merged and taken next;
 * - a token bucket lets a burst through at once and holds continuous motion to the frame rate;
 * - a screen that has come to rest is encoded a few times more, so that an encoder that saved bits can catch up;
 * - after longer silence one frame tells receivers that the stream is alive, or they ask for keyframes.
 */
export type FramePurpose = 'change' | 'refinement' | 'sign-of-life';

export interface CaptureSchedule {
  start(): void;
  stop(): void;
  /** The screen changed in `rows`. */
  damaged(rows: Rows): void;
  /** A frame is wanted now, whether or not the screen changed: somebody joined, or a receiver lost its picture. */
  demand(): void;
  /** The damage that has come in since the running frame began; taking it means capturing it within that frame. */
  takeDamage(): Rows | undefined;
  setFrameRate(framesPerSecond: number): void;
}

export interface CaptureTiming {
  /** How long a first change may take to be drawn completely. */
  readonly settleMs: number;
  /** A change counts as the first when the frame before it is older than this. */
  readonly pauseMs: number;
  readonly burstFrames: number;
  readonly framesPerSecond: number;
  readonly stillMs: number;
  readonly refinements: number;
  readonly refinementIntervalMs: number;
  readonly signOfLifeMs: number;
}

export const defaultTiming: CaptureTiming = {
  settleMs: 1,
  pauseMs: 50,
  burstFrames: 3,
  framesPerSecond: 60,
  stillMs: 250,
  refinements: 3,
  refinementIntervalMs: 100,
  signOfLifeMs: 2000,
};

export interface CaptureScheduleOptions {
  readonly clock: Clock;
  readonly timing: CaptureTiming;
  /** Captures and encodes one frame. Its errors end the schedule's frame, not the schedule; it reports them itself. */
  readonly run: (damage: Rows | undefined, purpose: FramePurpose) => Promise<void>;
}

type Decision = { readonly run: FramePurpose } | { readonly wakeAtMs: number };

export function createCaptureSchedule({ clock, timing, run }: CaptureScheduleOptions): CaptureSchedule {
  const bucket = createTokenBucket({ burst: timing.burstFrames, perSecond: timing.framesPerSecond });
  let isActive = false;
  let isBusy = false;
  let isDemanded = false;
  let damage: Rows | undefined;
  let damageReadyAtMs = 0;
  let changedAtMs = clock.nowMs();
  let frameAtMs = clock.nowMs();
  let refinementsDone = timing.refinements;
  let cancelWake: (() => void) | undefined;

  const decide = (nowMs: number): Decision => {
    if (isDemanded) return { run: 'change' };
    if (damage) {
      const readyAtMs = Math.max(damageReadyAtMs, bucket.availableAt(nowMs));
      return readyAtMs <= nowMs ? { run: 'change' } : { wakeAtMs: readyAtMs };
    }
    const refineAtMs =
      refinementsDone < timing.refinements
        ? changedAtMs + timing.stillMs + refinementsDone * timing.refinementIntervalMs
        : Infinity;
    const signAtMs = frameAtMs + timing.signOfLifeMs;
    if (refineAtMs <= nowMs) return { run: 'refinement' };
    if (signAtMs <= nowMs) return { run: 'sign-of-life' };
    return { wakeAtMs: Math.min(refineAtMs, signAtMs) };
  };

  const consider = (): void => {
    if (!isActive || isBusy) return;
    cancelWake?.();
    const nowMs = clock.nowMs();
    const decision = decide(nowMs);
    if ('run' in decision) void work(decision.run, nowMs);
    else cancelWake = clock.after(decision.wakeAtMs - nowMs, consider);
  };

  const work = async (purpose: FramePurpose, nowMs: number): Promise<void> => {
    isBusy = true;
    isDemanded = false;
    if (purpose === 'change') {
      bucket.take(nowMs);
      changedAtMs = nowMs;
      refinementsDone = 0;
    } else if (purpose === 'refinement') refinementsDone += 1;
    frameAtMs = nowMs;
    const rows = damage;
    damage = undefined;
    try {
      await run(rows, purpose);
    } finally {
      isBusy = false;
      consider();
    }
  };

  return {
    start() {
      isActive = true;
      consider();
    },
    stop() {
      isActive = false;
      cancelWake?.();
      damage = undefined;
    },
    damaged(rows) {
      const nowMs = clock.nowMs();
      const isFirst = damage === undefined && nowMs - frameAtMs > timing.pauseMs;
      if (damage === undefined) damageReadyAtMs = isFirst ? nowMs + timing.settleMs : nowMs;
      damage = unionRows(damage, rows);
      consider();
    },
    demand() {
      isDemanded = true;
      consider();
    },
    takeDamage() {
      const rows = damage;
      damage = undefined;
      return rows;
    },
    setFrameRate: (framesPerSecond) => bucket.setRate(framesPerSecond),
  };
}
