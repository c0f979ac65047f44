/**
 * Messages of the data channel `motion`: unordered, never retransmitted, binary, 7 bytes, big-endian:
 * `u8 kind = 1 · u16 sequence · u16 x · u16 y`. A receiver drops what is older than what it has seen (RFC 1982 arithmetic).
 * From a viewer it moves the pointer; from the agent it tells those who watch where the pointer is.
 */
export const motionChannel = 'motion';

export interface Motion {
  readonly sequence: number;
  readonly x: number;
  readonly y: number;
}

const motionKind = 1;
const motionBytes = 7;

export function encodeMotion({ sequence, x, y }: Motion): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(motionBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, motionKind);
  view.setUint16(1, sequence & 0xffff);
  view.setUint16(3, x);
  view.setUint16(5, y);
  return bytes;
}

/** `undefined` for anything that is not a motion message. */
export function decodeMotion(bytes: Uint8Array): Motion | undefined {
  if (bytes.length !== motionBytes || bytes[0] !== motionKind) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sequence: view.getUint16(1), x: view.getUint16(3), y: view.getUint16(5) };
}

/** Whether `sequence` comes after `last` on the 16-bit circle. */
export function isNewer(sequence: number, last: number): boolean {
  const distance = (sequence - last) & 0xffff;
  return distance !== 0 && distance < 0x8000;
}
