import type { CongestionOptions } from '../congestion/congestion-controller.ts';
import { VideoSender, type VideoStreamParameters } from '../video-sender.ts';
import { joined } from './depacketise.ts';
import { DrivenClock } from './driven-clock.ts';
import { type PathOptions, SimulatedPath } from './simulated-path.ts';
import { SimulatedReceiver, streamForTests } from './simulated-receiver.ts';

export interface SimulatedStreamOptions {
  readonly path?: Partial<PathOptions>;
  readonly seed?: number;
  readonly congestion?: CongestionOptions;
  readonly stream?: Partial<VideoStreamParameters>;
}

const startOfUnit = [0, 0, 0, 1];

/** A sender, a network and a receiver under one driven clock. */
export class SimulatedStream {
  readonly clock = new DrivenClock();
  readonly sent: Uint8Array[] = [];
  readonly receiver: SimulatedReceiver;
  readonly sender: VideoSender;
  readonly path: SimulatedPath;
  keyframesNeeded = 0;
  #frameNumber = 0;

  constructor(options: SimulatedStreamOptions = {}) {
    const path = { bitsPerSecond: 20_000_000, delayMs: 15, queueMs: 300, loss: 0, jitterMs: 0, ...options.path };
    this.receiver = new SimulatedReceiver(this.clock, (rtcp) => {
      this.clock.after(path.delayMs, () => this.sender.handleRtcp(rtcp));
    });
    this.path = new SimulatedPath(this.clock, path, (packet) => this.receiver.receive(packet), options.seed);
    this.sender = new VideoSender({
      stream: { ...streamForTests, ...options.stream },
      clock: this.clock,
      transmit: (packet) => this.path.send(packet),
      onKeyframeNeeded: () => (this.keyframesNeeded += 1),
      origin: { sequence: 65_000, retransmissionSequence: 65_500, timestamp: 4_294_900_000 },
      ...(options.congestion === undefined ? {} : { congestion: options.congestion }),
    });
  }

  /** A frame of about `bytes`, with its number in it. @returns whether it was sent */
  frame(bytes: number, isKeyframe = false): boolean {
    this.#frameNumber += 1;
    const number = this.#frameNumber;
    const body = Uint8Array.from({ length: Math.max(8, bytes) }, (_, index) => ((number * 31 + index) % 253) + 2);
    const unit = joined([Uint8Array.of(isKeyframe ? 0x65 : 0x41), body]);
    const data = joined([Uint8Array.from(startOfUnit), unit]);
    const isSent = this.sender.sendFrame({ data, isKeyframe, capturedAt: this.clock.nowMs() });
    if (isSent) this.sent.push(unit);
    return isSent;
  }

  /**
   * Sixty frames a second whose size obeys the target, for so long, as an encoder under load makes them.
   * @returns the longest queue of the path, in milliseconds, at each frame
   */
  run(seconds: number, share = 1): number[] {
    const queues: number[] = [];
    for (let left = seconds * 60; left > 0; left -= 1) {
      const isKeyframe = this.keyframesNeeded > 0;
      this.keyframesNeeded = 0;
      this.frame((this.sender.statistics.targetBitsPerSecond * share) / 8 / 60, isKeyframe);
      this.clock.advance(1000 / 60);
      queues.push(this.path.queueMs);
    }
    return queues;
  }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
