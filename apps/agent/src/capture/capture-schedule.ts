import type { Clock } from '../clock.ts';
import { unionRows, type Rows } from './rows.ts';
import { createTokenBucket, type TokenBucket } from './token-bucket.ts';

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
  refinements: 4,
  refinementIntervalMs: 100,
  signOfLifeMs: 2000,
};

export interface CaptureScheduleOptions {
  readonly clock: Clock;
  readonly timing: CaptureTiming;
  /** Whether anybody has use for refinement. */
  readonly wantsRefinement: () => boolean;
  /** Captures and encodes one frame. It reports its own errors and does not reject. */
  readonly run: (damage: Rows | undefined, purpose: FramePurpose) => Promise<void>;
}

type Decision = { readonly run: FramePurpose } | { readonly wakeAtMs: number };

export class CaptureSchedule {
  readonly #options: CaptureScheduleOptions;
  readonly #bucket: TokenBucket;
  #isActive = false;
  #isBusy = false;
  #isDemanded = false;
  #damage: Rows | undefined;
  #damageReadyAtMs = 0;
  #changedAtMs = -Infinity;
  #frameAtMs = -Infinity;
  #refinementsDone = 0;
  #cancelWake: (() => void) | undefined;

  constructor(options: CaptureScheduleOptions) {
    const { burstFrames, framesPerSecond } = options.timing;
    this.#options = options;
    this.#bucket = createTokenBucket({ burst: burstFrames, perSecond: framesPerSecond });
  }

  /** Begins with a frame of the whole screen, given as `rows`. */
  start(rows: Rows): void {
    this.#isActive = true;
    this.#damage = rows;
    this.demand();
  }

  stop(): void {
    this.#isActive = false;
    this.#damage = undefined;
    this.#cancelWake?.();
  }

  /** The screen changed in `rows`. */
  damaged(rows: Rows): void {
    const { settleMs, pauseMs } = this.#options.timing;
    const nowMs = this.#options.clock.nowMs();
    const isFirst = nowMs - this.#frameAtMs > pauseMs;
    if (this.#damage === undefined) this.#damageReadyAtMs = isFirst ? nowMs + settleMs : nowMs;
    this.#damage = unionRows(this.#damage, rows);
    this.#consider();
  }

  /** A frame is wanted now, whether or not the screen changed: somebody joined, or a receiver lost its picture. */
  demand(): void {
    this.#isDemanded = true;
    this.#consider();
  }

  /** The damage that has come in since the running frame began. Whoever takes it captures it within that frame. */
  takeDamage(): Rows | undefined {
    const rows = this.#damage;
    this.#damage = undefined;
    return rows;
  }

  setFrameRate(framesPerSecond: number): void {
    this.#bucket.setRate(framesPerSecond);
    this.#consider();
  }

  #consider(): void {
    if (!this.#isActive || this.#isBusy) return;
    this.#cancelWake?.();
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const decision = this.#decide(nowMs);
    if ('run' in decision) void this.#work(decision.run, nowMs);
    else this.#cancelWake = clock.after(decision.wakeAtMs - nowMs, () => this.#consider());
  }

  #decide(nowMs: number): Decision {
    const { timing } = this.#options;
    if (this.#isDemanded) return { run: 'change' };
    if (this.#damage) {
      const readyAtMs = Math.max(this.#damageReadyAtMs, this.#bucket.availableAt(nowMs));
      return readyAtMs <= nowMs ? { run: 'change' } : { wakeAtMs: readyAtMs };
    }
    const refineAtMs = this.#nextRefinementAtMs();
    const signAtMs = this.#frameAtMs + timing.signOfLifeMs;
    if (refineAtMs <= nowMs) return { run: 'refinement' };
    if (signAtMs <= nowMs) return { run: 'sign-of-life' };
    return { wakeAtMs: Math.min(refineAtMs, signAtMs) };
  }

  #nextRefinementAtMs(): number {
    const { timing, wantsRefinement } = this.#options;
    if (this.#refinementsDone >= timing.refinements || !wantsRefinement()) return Infinity;
    return this.#changedAtMs + timing.stillMs + this.#refinementsDone * timing.refinementIntervalMs;
  }

  async #work(purpose: FramePurpose, nowMs: number): Promise<void> {
    if (purpose === 'change') {
      this.#bucket.take(nowMs);
      this.#changedAtMs = nowMs;
      this.#refinementsDone = 0;
    } else if (purpose === 'refinement') this.#refinementsDone += 1;
    this.#frameAtMs = nowMs;
    this.#isDemanded = false;
    this.#isBusy = true;
    await this.#options.run(this.takeDamage(), purpose);
    this.#isBusy = false;
    this.#consider();
  }
}
