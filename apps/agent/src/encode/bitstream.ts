import type { Codec } from './video-source.ts';

/*
 * Reads as much of a bit stream as is needed to tell keyframes: NAL unit types of H.264 (ITU-T H.264, 7.3.1 and Annex B)
 * and the first byte of VP8 (RFC 6386, 9.1).
 */

const nalIdr = 5;
export const nalSps = 7;
export const nalPps = 8;

export function isKeyframe(codec: Codec, data: Buffer): boolean {
  if (codec === 'vp8') return data.length > 0 && ((data[0] ?? 1) & 1) === 0;
  return nalTypes(data).includes(nalIdr);
}

/** The types of the NAL units of an Annex B access unit, in order. */
export function nalTypes(data: Buffer): number[] {
  const types: number[] = [];
  for (let at = nextStart(data, 0); at !== undefined; at = nextStart(data, at)) {
    const type = (data[at] ?? 0) & 0x1f;
    types.push(type);
    // Slices are long and come last: once the first is seen, nothing after it says anything new about the frame.
    if (type >= 1 && type <= nalIdr) break;
  }
  return types;
}

const startCode = Buffer.from([0, 0, 1]);

/** The position of the byte after the next start code. */
function nextStart(data: Buffer, from: number): number | undefined {
  const at = data.indexOf(startCode, from);
  const after = at + startCode.length;
  return at < 0 || after >= data.length ? undefined : after;
}
