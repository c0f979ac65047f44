import type { PacketResult } from './sent-packets.ts';

/**
 * How fast the path delivers while there is something to deliver. A desktop is silent most of the time, so plain
 * bytes per second would say more about the user than about the network: gaps longer than `idleGapMs` do not count.
 */
const windowMs = 500;
const idleGapMs = 50;
const minimumBusyMs = 100;
const burstGapMs = 5;
const minimumBurstPackets = 20;

type Arrived = PacketResult & { readonly arrivedAtMs: number };

export class DeliveryRate {
  #window: Arrived[] = [];
  #burst: Arrived[] = [];

  add(result: Arrived): void {
    this.#window.push(result);
    const oldest = this.#window.findIndex((kept) => result.arrivedAtMs - kept.arrivedAtMs <= windowMs);
    if (oldest > 0) this.#window.splice(0, oldest);
    const last = this.#burst.at(-1);
    if (last !== undefined && result.sentAtMs - last.sentAtMs > burstGapMs) this.#burst = [];
    this.#burst.push(result);
  }

  /** Over the last half second; `undefined` with less than 100 ms of traffic in it. */
  get bitsPerSecond(): number | undefined {
    let busyMs = 0;
    let bytes = 0;
    for (const [index, result] of this.#window.entries()) {
      const gapMs = result.arrivedAtMs - (this.#window[index - 1]?.arrivedAtMs ?? Number.NEGATIVE_INFINITY);
      if (gapMs > idleGapMs) continue;
      busyMs += Math.max(gapMs, 0);
      bytes += result.bytes;
    }
    return busyMs < minimumBusyMs ? undefined : (bytes * 8000) / busyMs;
  }

  /**
   * What one large frame, sent as fast as the pacer lets it, proves about the path: the slower of how it left and how it
   * arrived. `undefined` until it holds enough packets to mean something.
   */
  takeBurst(): number | undefined {
    if (this.#burst.length < minimumBurstPackets) return undefined;
    const first = this.#burst[0]!;
    const last = this.#burst.at(-1)!;
    const bytes = this.#burst.slice(1).reduce((sum, result) => sum + result.bytes, 0);
    const durationMs = Math.max(last.sentAtMs - first.sentAtMs, last.arrivedAtMs - first.arrivedAtMs);
    this.#burst = [];
    return durationMs <= 0 ? undefined : (bytes * 8000) / durationMs;
  }
}
