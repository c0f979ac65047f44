import type { PacketResult } from './sent-packets.ts';

/**
 * Whether the path's queues grow: the trend-line filter and adaptive threshold of Google congestion control
 * (draft-ietf-rmcat-gcc-02 §4; constants as in libwebrtc).
 */
export type DelayState = 'normal' | 'growing' | 'shrinking';

const burstMs = 5;
const windowSize = 20;
const smoothing = 0.9;
const gain = 4;
const maximumSamples = 60;
const growingTimeMs = 10;
const thresholdStart = 12.5;
const thresholdRange = { minimum: 6, maximum: 600 };
const adaption = { up: 0.0087, down: 0.039 };
/** After a silence the old trend says nothing about the path. */
const staleAfterMs = 1000;

interface Group {
  readonly firstSentMs: number;
  lastSentMs: number;
  lastArrivedMs: number;
}

export class DelayTrend {
  #state: DelayState = 'normal';
  #group: Group | undefined;
  #previous: Group | undefined;
  #points: { readonly x: number; readonly y: number }[] = [];
  #samples = 0;
  #accumulatedMs = 0;
  #smoothedMs = 0;
  #threshold = thresholdStart;
  #thresholdAtMs: number | undefined;
  #growingForMs = 0;
  #growingCount = 0;
  #lastTrend = 0;

  get state(): DelayState {
    return this.#state;
  }

  /** @param result one received packet, in order of sending. */
  add(result: PacketResult & { readonly arrivedAtMs: number }): void {
    const { sentAtMs, arrivedAtMs } = result;
    const group = this.#group;
    if (group === undefined || sentAtMs - group.lastSentMs > staleAfterMs) {
      this.#restart(sentAtMs, arrivedAtMs);
      return;
    }
    if (sentAtMs - group.firstSentMs <= burstMs) {
      group.lastSentMs = Math.max(group.lastSentMs, sentAtMs);
      group.lastArrivedMs = Math.max(group.lastArrivedMs, arrivedAtMs);
      return;
    }
    if (this.#previous !== undefined) this.#compare(this.#previous, group);
    this.#previous = group;
    this.#group = { firstSentMs: sentAtMs, lastSentMs: sentAtMs, lastArrivedMs: arrivedAtMs };
  }

  #restart(sentAtMs: number, arrivedAtMs: number): void {
    this.#group = { firstSentMs: sentAtMs, lastSentMs: sentAtMs, lastArrivedMs: arrivedAtMs };
    this.#previous = undefined;
    this.#points = [];
    this.#samples = 0;
    this.#accumulatedMs = 0;
    this.#smoothedMs = 0;
    this.#growingForMs = 0;
    this.#growingCount = 0;
    this.#state = 'normal';
  }

  #compare(before: Group, group: Group): void {
    const sentDeltaMs = group.lastSentMs - before.lastSentMs;
    this.#samples = Math.min(this.#samples + 1, maximumSamples);
    this.#accumulatedMs += group.lastArrivedMs - before.lastArrivedMs - sentDeltaMs;
    this.#smoothedMs = smoothing * this.#smoothedMs + (1 - smoothing) * this.#accumulatedMs;
    this.#points.push({ x: group.lastArrivedMs, y: this.#smoothedMs });
    if (this.#points.length > windowSize) this.#points.shift();
    if (this.#points.length < 2) return;
    const trend = this.#points.length < windowSize ? this.#lastTrend : slope(this.#points);
    this.#judge(trend, sentDeltaMs, group.lastArrivedMs);
  }

  #judge(trend: number, sentDeltaMs: number, nowMs: number): void {
    const scaled = trend * this.#samples * gain;
    if (scaled > this.#threshold) {
      this.#growingForMs += sentDeltaMs;
      this.#growingCount += 1;
      if (this.#growingForMs > growingTimeMs && this.#growingCount > 1 && trend >= this.#lastTrend) {
        this.#growingForMs = 0;
        this.#growingCount = 0;
        this.#state = 'growing';
      }
    } else {
      this.#growingForMs = 0;
      this.#growingCount = 0;
      this.#state = scaled < -this.#threshold ? 'shrinking' : 'normal';
    }
    this.#lastTrend = trend;
    this.#adaptThreshold(Math.abs(scaled), nowMs);
  }

  #adaptThreshold(scaled: number, nowMs: number): void {
    const elapsedMs = Math.min(nowMs - (this.#thresholdAtMs ?? nowMs), 100);
    this.#thresholdAtMs = nowMs;
    if (scaled > this.#threshold + 15) return;
    const rate = scaled < this.#threshold ? adaption.down : adaption.up;
    const next = this.#threshold + rate * (scaled - this.#threshold) * elapsedMs;
    this.#threshold = Math.min(Math.max(next, thresholdRange.minimum), thresholdRange.maximum);
  }
}

/** Slope of the line of least squares. */
function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  const numerator = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  const denominator = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  return denominator === 0 ? 0 : numerator / denominator;
}
