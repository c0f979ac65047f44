import type { TransportFeedback } from '../rtcp/transport-feedback.ts';
import { DelayTrend } from './delay-trend.ts';
import { DeliveryRate } from './delivery-rate.ts';
import { QueueingDelay } from './queueing-delay.ts';
import { type PacketResult, SentPackets } from './sent-packets.ts';

/**
 * How much a path carries, from transport-wide feedback: Google congestion control (draft-ietf-rmcat-gcc-02) with two
 * changes for desktops, which are silent most of the time. A rate is measured only while there is traffic, and a large
 * frame that arrived as fast as it was sent raises the estimate at once, in place of padding probes. A growing trend
 * counts only with a real queue behind it, because a busy computer delays packets too.
 */
export interface CongestionOptions {
  readonly startBitsPerSecond: number;
  readonly minimumBitsPerSecond: number;
  readonly maximumBitsPerSecond: number;
}

export const defaultCongestion: CongestionOptions = {
  startBitsPerSecond: 10_000_000,
  minimumBitsPerSecond: 300_000,
  maximumBitsPerSecond: 50_000_000,
};

const decreaseTo = 0.85;
const queueThatCountsMs = 12;
/** A queue this long is too long whatever its trend. */
const standingQueueMs = 100;
const increasePerSecond = { far: 0.2, near: 0.05 };
const nearCapacity = 0.8;
const burstTrust = 0.8;
const lossToDecrease = 0.1;
const lossToIncrease = 0.02;
const lossWindowMs = 250;
const minimumLossPackets = 20;
const utilisationToIncrease = 0.6;

export class CongestionController {
  readonly #options: CongestionOptions;
  readonly #sent = new SentPackets();
  readonly #trend = new DelayTrend();
  readonly #delivery = new DeliveryRate();
  readonly #queue = new QueueingDelay();
  #target: number;
  #capacity: number | undefined;
  #roundTripMs: number | undefined;
  #updatedAtMs: number | undefined;
  #decreasedAtMs = Number.NEGATIVE_INFINITY;
  #lossWindow = { startedAtMs: 0, expected: 0, lost: 0 };
  #lossFraction = 0;

  constructor(options: CongestionOptions = defaultCongestion) {
    this.#options = options;
    this.#target = options.startBitsPerSecond;
  }

  get targetBitsPerSecond(): number {
    return this.#target;
  }

  /** 0 … 1, over the last quarter of a second with traffic. */
  get lossFraction(): number {
    return this.#lossFraction;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  get queueingMs(): number {
    return this.#queue.milliseconds;
  }

  packetSent(transportSequence: number, bytes: number, nowMs: number): void {
    this.#sent.add(transportSequence, bytes, nowMs);
  }

  /** From receiver reports, smoothed as RFC 6298 does. */
  roundTripMeasured(milliseconds: number): void {
    const before = this.#roundTripMs;
    this.#roundTripMs = before === undefined ? milliseconds : before + (milliseconds - before) / 8;
  }

  feedbackReceived(feedback: TransportFeedback, nowMs: number): void {
    const results = this.#sent.resolve(feedback);
    const arrived = results.filter((result) => result.arrivedAtMs !== undefined) as (PacketResult & {
      readonly arrivedAtMs: number;
    })[];
    for (const result of arrived) {
      this.#trend.add(result);
      this.#delivery.add(result);
      this.#queue.add(result.sentAtMs, result.arrivedAtMs);
    }
    this.#countLoss(results.length, results.length - arrived.length, nowMs);
    if (arrived.length > 0) this.#update(nowMs);
  }

  #countLoss(expected: number, lost: number, nowMs: number): void {
    const window = this.#lossWindow;
    window.expected += expected;
    window.lost += lost;
    if (nowMs - window.startedAtMs < lossWindowMs || window.expected < minimumLossPackets) return;
    this.#lossFraction = window.lost / window.expected;
    this.#lossWindow = { startedAtMs: nowMs, expected: 0, lost: 0 };
    if (this.#lossFraction > lossToDecrease && this.#mayDecrease(nowMs)) {
      this.#decrease(this.#target * (1 - 0.5 * this.#lossFraction), nowMs);
    }
  }

  #update(nowMs: number): void {
    const elapsedSeconds = Math.min(nowMs - (this.#updatedAtMs ?? nowMs), 1000) / 1000;
    this.#updatedAtMs = nowMs;
    const delivered = this.#delivery.bitsPerSecond;
    const burst = this.#delivery.takeBurst();
    const queueingMs = this.#queue.milliseconds;
    const isQueueGrowing = this.#trend.state === 'growing' && queueingMs > queueThatCountsMs;
    if (isQueueGrowing || queueingMs > standingQueueMs) {
      if (!this.#mayDecrease(nowMs)) return;
      this.#capacity = delivered ?? this.#capacity;
      this.#decrease(decreaseTo * Math.min(delivered ?? this.#target, this.#target), nowMs);
    } else if (this.#trend.state === 'normal' && this.#lossFraction < lossToIncrease) {
      this.#increase(elapsedSeconds, delivered, queueingMs < queueThatCountsMs ? burst : undefined);
    }
  }

  #increase(elapsedSeconds: number, delivered: number | undefined, burst: number | undefined): void {
    const isUsed = delivered !== undefined && delivered > utilisationToIncrease * this.#target;
    const isNear = this.#capacity !== undefined && this.#target > nearCapacity * this.#capacity;
    const growth = isUsed ? 1 + (isNear ? increasePerSecond.near : increasePerSecond.far) * elapsedSeconds : 1;
    if (this.#capacity !== undefined && this.#target > this.#capacity / nearCapacity) this.#capacity = undefined;
    this.#setTarget(Math.max(this.#target * growth, burstTrust * (burst ?? 0)));
  }

  #mayDecrease(nowMs: number): boolean {
    return nowMs - this.#decreasedAtMs > 200 + (this.#roundTripMs ?? 0);
  }

  #decrease(bitsPerSecond: number, nowMs: number): void {
    this.#decreasedAtMs = nowMs;
    this.#setTarget(bitsPerSecond);
  }

  #setTarget(bitsPerSecond: number): void {
    const { minimumBitsPerSecond, maximumBitsPerSecond } = this.#options;
    this.#target = Math.min(Math.max(bitsPerSecond, minimumBitsPerSecond), maximumBitsPerSecond);
  }
}
