import type { Size } from '@vdi/protocol';

/**
 * Which resize to ask for, and when. While somebody drags the window's edge, each frame has another size, and each mode
 * change makes every application draw itself anew. So a size is asked for when it has stayed the same for a moment and
 * the desktop has answered the request before it.
 */
export interface ResizeRequests {
  /** The size of the surface now, and since when (milliseconds). */
  readonly wanted?: { readonly size: Size; readonly since: number };
  readonly asked?: { readonly size: Size; readonly at: number; readonly isAnswered: boolean };
}

export const settleMs = 120;
/** A desktop that keeps its size does not answer; after this it is not waited for. */
export const answerWithinMs = 1_500;

export type ResizeStep =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'ask'; readonly size: Size };

/** The surface measures `size` now. */
export function measured(requests: ResizeRequests, size: Size, now: number): ResizeRequests {
  if (requests.wanted && isSameSize(requests.wanted.size, size)) return requests;
  return { ...requests, wanted: { size, since: now } };
}

export function asked(requests: ResizeRequests, size: Size, now: number): ResizeRequests {
  return { ...requests, asked: { size, at: now, isAnswered: false } };
}

/** The desktop told its size, whatever it is. */
export function answered(requests: ResizeRequests): ResizeRequests {
  return requests.asked ? { ...requests, asked: { ...requests.asked, isAnswered: true } } : requests;
}

export function resizeStep({ wanted, asked: last }: ResizeRequests, now: number): ResizeStep {
  if (!wanted || (last && isSameSize(wanted.size, last.size))) return { kind: 'nothing' };
  const settledIn = wanted.since + settleMs - now;
  const freeIn = last && !last.isAnswered ? last.at + answerWithinMs - now : 0;
  const milliseconds = Math.max(settledIn, freeIn);
  return milliseconds > 0 ? { kind: 'wait', milliseconds } : { kind: 'ask', size: wanted.size };
}

function isSameSize(one: Size, other: Size): boolean {
  return one.width === other.width && one.height === other.height;
}
