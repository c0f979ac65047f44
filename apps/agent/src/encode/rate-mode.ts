import type { VideoTarget } from './video-source.ts';

/**
 * How an encoder spends bits. *Sharp*: constant quality, every frame as large as it needs to be; the fastest and what
 * text wants. *Bounded*: quality gives way to the bit rate of the target, and a screen at rest is refined.
 *
 * Changing the mode costs a keyframe, so a stream becomes bounded as soon as it sends more than it may, and sharp again
 * only at rest, a while after it last had to be bounded, and where the path can take the keyframe in passing.
 */
export type RateMode = 'sharp' | 'bounded';

export interface RateModeChooser {
  readonly mode: RateMode;
  readonly target: VideoTarget;
  setTarget(target: VideoTarget): void;
  /** A frame of so many bytes was sent. */
  sent(bytes: number, isKeyframe: boolean, nowMs: number): void;
  /** The screen has come to rest: the moment for an expensive change. */
  rested(nowMs: number): void;
}

/** What a local network carries without a thought; used until congestion control knows better. */
const defaultTarget: VideoTarget = { bitsPerSecond: 20_000_000, framesPerSecond: 60 };
/** Below this, the first sharp keyframe of a full screen (100 to 500 kB) would hold up everything else. */
const leastForSharp = 8_000_000;
const windowMs = 500;
const calmMs = 5000;
/** The longest that a keyframe may occupy the path. */
const keyframeMs = 250;

export function createRateModeChooser(): RateModeChooser {
  let target = defaultTarget;
  let mode: RateMode = 'sharp';
  let exceededAtMs = -Infinity;
  let sharpKeyframeBytes = 0;
  const recent: { readonly atMs: number; readonly bytes: number }[] = [];

  const recentBitsPerSecond = (nowMs: number): number => {
    while (recent[0] && recent[0].atMs <= nowMs - windowMs) recent.shift();
    return (recent.reduce((sum, { bytes }) => sum + bytes, 0) * 8 * 1000) / windowMs;
  };
  const canTakeSharpKeyframe = (): boolean =>
    target.bitsPerSecond >= leastForSharp && (sharpKeyframeBytes * 8 * 1000) / target.bitsPerSecond <= keyframeMs;

  return {
    get mode() {
      return mode;
    },
    get target() {
      return target;
    },
    setTarget(next) {
      target = next;
      if (target.bitsPerSecond < leastForSharp) mode = 'bounded';
    },
    sent(bytes, isKeyframe, nowMs) {
      if (isKeyframe && mode === 'sharp') sharpKeyframeBytes = bytes;
      recent.push({ atMs: nowMs, bytes });
      if (recentBitsPerSecond(nowMs) <= target.bitsPerSecond) return;
      exceededAtMs = nowMs;
      mode = 'bounded';
    },
    rested(nowMs) {
      if (mode === 'bounded' && nowMs - exceededAtMs >= calmMs && canTakeSharpKeyframe()) mode = 'sharp';
    },
  };
}
