import type { DrivenClock } from './driven-clock.ts';

export interface PathOptions {
  readonly bitsPerSecond: number;
  /** One way, without queueing. */
  readonly delayMs: number;
  /** What the bottleneck holds before it drops. */
  readonly queueMs: number;
  /** 0 … 1, independent of the queue. */
  readonly loss: number;
  /** Extra delay of single packets, up to this much; packets overtake each other. */
  readonly jitterMs: number;
}

/** A bottleneck link with a tail-drop queue, random loss and reordering; the same seed gives the same run. */
export class SimulatedPath {
  options: PathOptions;
  delivered = 0;
  dropped = 0;
  readonly #clock: DrivenClock;
  readonly #deliver: (packet: Uint8Array) => void;
  #random: number;
  #freeAtMs = 0;

  constructor(clock: DrivenClock, options: PathOptions, deliver: (packet: Uint8Array) => void, seed = 1) {
    this.#clock = clock;
    this.options = options;
    this.#deliver = deliver;
    this.#random = seed;
  }

  get queueMs(): number {
    return Math.max(0, this.#freeAtMs - this.#clock.nowMs());
  }

  send(packet: Uint8Array): void {
    const { bitsPerSecond, delayMs, queueMs, loss, jitterMs } = this.options;
    if (this.queueMs > queueMs || this.#next() < loss) {
      this.dropped += 1;
      return;
    }
    const startsAtMs = Math.max(this.#freeAtMs, this.#clock.nowMs());
    this.#freeAtMs = startsAtMs + ((packet.length + 44) * 8000) / bitsPerSecond;
    const copy = packet.slice();
    this.#clock.after(this.#freeAtMs - this.#clock.nowMs() + delayMs + this.#next() * jitterMs, () => {
      this.delivered += 1;
      this.#deliver(copy);
    });
  }

  /** A linear congruential generator (Numerical Recipes). */
  #next(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#random / 2 ** 32;
  }
}
