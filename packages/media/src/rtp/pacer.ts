/**
 * Spreads packets so that a large frame does not fill the queue of the narrowest link at once: a token bucket with
 * strict priorities. Audio never waits. Nothing here knows time or timers: the owner asks when to drain.
 */
export type PacerPriority = 'audio' | 'retransmission' | 'video';

interface Queued<Item> {
  readonly item: Item;
  readonly bytes: number;
}

const drainOrder: readonly PacerPriority[] = ['audio', 'retransmission', 'video'];
const burstMs = 5;
const minimumBurstBytes = 14_400;

export class Pacer<Item> {
  readonly #queues: Record<PacerPriority, Queued<Item>[]> = { audio: [], retransmission: [], video: [] };
  readonly #queuedBytes: Record<PacerPriority, number> = { audio: 0, retransmission: 0, video: 0 };
  #bytesPerMs: number;
  #budget = minimumBurstBytes;
  #refilledAt = Number.NEGATIVE_INFINITY;

  constructor(bitsPerSecond: number) {
    this.#bytesPerMs = bitsPerSecond / 8000;
  }

  setRate(bitsPerSecond: number): void {
    this.#bytesPerMs = bitsPerSecond / 8000;
  }

  enqueue(priority: PacerPriority, item: Item, bytes: number): void {
    this.#queues[priority].push({ item, bytes });
    this.#queuedBytes[priority] += bytes;
  }

  /** How long what waits now will take to leave, in milliseconds. */
  waitMs(priority: PacerPriority): number {
    return this.#queuedBytes[priority] / this.#bytesPerMs;
  }

  /** Forgets what waits. */
  clear(priority: PacerPriority): void {
    this.#queues[priority] = [];
    this.#queuedBytes[priority] = 0;
  }

  /** What may leave now, in order. */
  drain(nowMs: number): Item[] {
    this.#refill(nowMs);
    const leaving: Item[] = [];
    for (const priority of drainOrder) {
      const queue = this.#queues[priority];
      let taken = 0;
      for (const { item, bytes } of queue) {
        if (this.#budget <= 0 && priority !== 'audio') break;
        leaving.push(item);
        this.#budget -= bytes;
        this.#queuedBytes[priority] -= bytes;
        taken += 1;
      }
      queue.splice(0, taken);
    }
    return leaving;
  }

  /** Milliseconds until `drain` has something to give; `undefined` when nothing waits. */
  untilNextDrainMs(): number | undefined {
    if (drainOrder.every((priority) => this.#queues[priority].length === 0)) return undefined;
    return this.#budget > 0 ? 0 : (1 - this.#budget) / this.#bytesPerMs;
  }

  #refill(nowMs: number): void {
    const burst = Math.max(minimumBurstBytes, burstMs * this.#bytesPerMs);
    const elapsedMs = Math.max(0, nowMs - this.#refilledAt);
    this.#budget = Math.min(burst, this.#budget + elapsedMs * this.#bytesPerMs);
    this.#refilledAt = nowMs;
  }
}
