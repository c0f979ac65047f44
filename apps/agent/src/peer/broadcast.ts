import type { Clock } from '../clock.ts';
import type { VideoSource } from '../encode/video-source.ts';
import { encoderTarget, type PathEstimate } from './encoder-target.ts';
import type { Peer } from './peer.ts';

/** Who watches, and whether that viewer drives at the moment. */
export interface Audience {
  readonly peer: Peer;
  readonly isController: () => boolean;
}

/** How often the encoder is told what the paths carry, while anybody watches. */
const steerIntervalMs = 200;
/** Changes below this are noise to an encoder. */
const noticeableChange = 0.05;

/** One encoder's frames to all viewers of its codec. */
export class Broadcast {
  readonly source: VideoSource;
  readonly #clock: Clock;
  readonly #onFirstFrame: () => void;
  readonly #members = new Set<Audience>();
  #encoder: string;
  #cancelSteer: (() => void) | undefined;
  #lastBitsPerSecond = 0;

  constructor(source: VideoSource, options: { readonly clock: Clock; readonly onFirstFrame: () => void }) {
    this.source = source;
    this.#clock = options.clock;
    this.#onFirstFrame = options.onFirstFrame;
    this.#encoder = source.encoder;
  }

  /** Frames flow to `peer`, a keyframe first, until the result is called. */
  join(member: Audience): () => void {
    const leave = this.source.onFrame((frame) => {
      if (member.peer.sendFrame(frame)) this.#onFirstFrame();
    });
    this.#members.add(member);
    this.#tellEncoder([member]);
    this.#steer();
    return () => {
      if (!this.#members.delete(member)) return;
      leave();
      if (this.#members.size === 0) this.#stopSteering();
    };
  }

  #stopSteering(): void {
    this.#cancelSteer?.();
    this.#cancelSteer = undefined;
    this.#lastBitsPerSecond = 0;
  }

  /** An encoder that failed is replaced while the stream goes on. */
  #tellEncoder(members: Iterable<Audience>): void {
    const { encoder, codec } = this.source;
    for (const { peer } of members) peer.sendControl({ type: 'stream', encoder, codec });
  }

  #steer(): void {
    this.#cancelSteer?.();
    if (this.source.encoder !== this.#encoder) {
      this.#encoder = this.source.encoder;
      this.#tellEncoder(this.#members);
    }
    const target = encoderTarget([...this.#members].flatMap(pathOf));
    if (target !== undefined && this.#isNoticeable(target.bitsPerSecond)) {
      this.#lastBitsPerSecond = target.bitsPerSecond;
      this.source.setTarget(target);
    }
    this.#cancelSteer = this.#clock.after(steerIntervalMs, () => this.#steer());
  }

  #isNoticeable(bitsPerSecond: number): boolean {
    return Math.abs(bitsPerSecond - this.#lastBitsPerSecond) > noticeableChange * this.#lastBitsPerSecond;
  }
}

function pathOf({ peer, isController }: Audience): PathEstimate[] {
  const bitsPerSecond = peer.statistics?.targetBitsPerSecond;
  return bitsPerSecond === undefined ? [] : [{ bitsPerSecond, isController: isController() }];
}
