import { nalUnits } from './annex-b.ts';

/**
 * RTP payloads of one H.264 access unit in packetization-mode 1 (RFC 6184): single NAL unit packets, STAP-A for
 * neighbours that fit together, FU-A for what does not fit.
 */
export const nalType = { accessUnitDelimiter: 9, stapA: 24, fuA: 28 } as const;

const typeMask = 0x1f;
const importanceMask = 0x60;
const stapHeaderBytes = 1;
const lengthBytes = 2;
const fuHeaderBytes = 2;

/** @param maximumBytes largest payload; at least 8. */
export function packetiseH264(accessUnit: Uint8Array, maximumBytes: number): Uint8Array[] {
  const payloads: Uint8Array[] = [];
  let group: Uint8Array[] = [];
  let groupBytes = stapHeaderBytes;
  const flush = (): void => {
    if (group.length > 0) payloads.push(group.length === 1 ? group[0]! : aggregate(group, groupBytes));
    group = [];
    groupBytes = stapHeaderBytes;
  };
  for (const unit of nalUnits(accessUnit)) {
    if ((unit[0]! & typeMask) === nalType.accessUnitDelimiter) continue;
    if (unit.length > maximumBytes) {
      flush();
      payloads.push(...fragments(unit, maximumBytes));
      continue;
    }
    if (groupBytes + lengthBytes + unit.length > maximumBytes) flush();
    group.push(unit);
    groupBytes += lengthBytes + unit.length;
  }
  flush();
  return payloads;
}

function aggregate(units: readonly Uint8Array[], bytes: number): Uint8Array {
  const payload = new Uint8Array(bytes);
  const importance = Math.max(...units.map((unit) => unit[0]! & importanceMask));
  payload[0] = importance | nalType.stapA;
  let offset = stapHeaderBytes;
  for (const unit of units) {
    payload[offset] = unit.length >> 8;
    payload[offset + 1] = unit.length & 0xff;
    payload.set(unit, offset + lengthBytes);
    offset += lengthBytes + unit.length;
  }
  return payload;
}

/** Fragments of equal size, so that no tiny packet ends a frame. */
function* fragments(unit: Uint8Array, maximumBytes: number): Generator<Uint8Array> {
  const header = unit[0]!;
  const body = unit.subarray(1);
  const count = Math.ceil(body.length / (maximumBytes - fuHeaderBytes));
  const size = Math.ceil(body.length / count);
  for (let start = 0; start < body.length; start += size) {
    const part = body.subarray(start, start + size);
    const isLast = start + size >= body.length;
    const payload = new Uint8Array(fuHeaderBytes + part.length);
    payload[0] = (header & ~typeMask) | nalType.fuA;
    payload[1] = (start === 0 ? 0x80 : 0) | (isLast ? 0x40 : 0) | (header & typeMask);
    payload.set(part, fuHeaderBytes);
    yield payload;
  }
}
