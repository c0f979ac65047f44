/**
 * Transport-wide congestion control feedback, RTCP 205/15
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
 */
export interface TransportFeedback {
  /** 24-bit counter of 64 ms ticks, wrapping. */
  readonly referenceTicks: number;
  readonly feedbackCount: number;
  readonly packets: readonly PacketArrival[];
}

interface PacketArrival {
  /** Transport-wide sequence number. */
  readonly sequence: number;
  /** Milliseconds after the reference time; `undefined`: not received. */
  readonly arrivedAfterMs: number | undefined;
}

export const referenceTickMs = 64;
const deltaMs = 0.25;

type Symbol2 = 0 | 1 | 2 | 3;
const smallDelta = 1;
const largeDelta = 2;

/** @param body the packet after sender and media SSRC. `undefined` when it is cut short. */
export function parseTransportFeedback(body: Uint8Array): TransportFeedback | undefined {
  if (body.length < 8) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const base = view.getUint16(0);
  const count = view.getUint16(2);
  const statuses = parseStatuses(view, count);
  if (statuses === undefined) return undefined;
  let offset = statuses.end;
  let arrivedAfter = 0;
  const packets: PacketArrival[] = [];
  for (const [index, symbol] of statuses.symbols.entries()) {
    const sequence = (base + index) & 0xffff;
    if (symbol !== smallDelta && symbol !== largeDelta) {
      packets.push({ sequence, arrivedAfterMs: undefined });
      continue;
    }
    if (offset + symbol > body.length) return undefined;
    arrivedAfter += (symbol === smallDelta ? view.getUint8(offset) : view.getInt16(offset)) * deltaMs;
    offset += symbol;
    packets.push({ sequence, arrivedAfterMs: arrivedAfter });
  }
  return { referenceTicks: view.getUint32(4) >>> 8, feedbackCount: view.getUint8(7), packets };
}

function parseStatuses(view: DataView, count: number): { symbols: Symbol2[]; end: number } | undefined {
  const symbols: Symbol2[] = [];
  let offset = 8;
  while (symbols.length < count) {
    if (offset + 2 > view.byteLength) return undefined;
    appendChunk(symbols, view.getUint16(offset), count);
    offset += 2;
  }
  return { symbols, end: offset };
}

function appendChunk(symbols: Symbol2[], chunk: number, count: number): void {
  const room = count - symbols.length;
  if ((chunk & 0x8000) === 0) {
    const symbol = ((chunk >> 13) & 3) as Symbol2;
    for (let left = Math.min(chunk & 0x1fff, room); left > 0; left -= 1) symbols.push(symbol);
    return;
  }
  const isTwoBit = (chunk & 0x4000) !== 0;
  const width = isTwoBit ? 2 : 1;
  const length = Math.min(isTwoBit ? 7 : 14, room);
  for (let index = 0; index < length; index += 1) {
    symbols.push(((chunk >> (14 - width * (index + 1))) & (isTwoBit ? 3 : 1)) as Symbol2);
  }
}
