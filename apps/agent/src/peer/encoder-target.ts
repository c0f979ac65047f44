/** What one viewer's path carries, and whether that viewer drives. */
export interface PathEstimate {
  readonly bitsPerSecond: number;
  readonly isController: boolean;
}

export interface EncoderTarget {
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
}

/** A path that carries less than this share of the reference path does not slow the others down. */
const tolerableShare = 1 / 4;
const fullRate = { framesPerSecond: 60, aboveBitsPerSecond: 1_500_000 };
const reducedFramesPerSecond = 30;

/**
 * One encoder serves many viewers, so somebody's network decides for all. The rule: whoever drives is the reference, or
 * the fastest path when nobody does; the target is that of the slowest path which carries at least a quarter of the
 * reference. A slower viewer gets what its path takes: its frames are dropped up to the next keyframe, which its sender
 * asks for when the path is free again, and nobody else is disturbed. `undefined` without viewers.
 */
export function encoderTarget(paths: readonly PathEstimate[]): EncoderTarget | undefined {
  if (paths.length === 0) return undefined;
  const reference =
    paths.find(({ isController }) => isController)?.bitsPerSecond ??
    Math.max(...paths.map(({ bitsPerSecond }) => bitsPerSecond));
  const tolerable = paths.filter(({ bitsPerSecond }) => bitsPerSecond >= reference * tolerableShare);
  const bitsPerSecond = Math.min(...tolerable.map((path) => path.bitsPerSecond));
  const isFull = bitsPerSecond >= fullRate.aboveBitsPerSecond;
  return { bitsPerSecond, framesPerSecond: isFull ? fullRate.framesPerSecond : reducedFramesPerSecond };
}
