import { nalType } from '../h264/packetise-h264.ts';

/** The NAL units of one access unit from its RTP payloads in order (RFC 6184), as a receiver joins them. */
export function depacketiseH264(payloads: readonly Uint8Array[]): Uint8Array[] {
  const units: Uint8Array[] = [];
  let fragments: Uint8Array[] = [];
  for (const payload of payloads) {
    const type = payload[0]! & 0x1f;
    if (type === nalType.stapA) {
      units.push(...aggregated(payload));
    } else if (type === nalType.fuA) {
      const isStart = (payload[1]! & 0x80) !== 0;
      if (isStart) fragments = [Uint8Array.of((payload[0]! & 0xe0) | (payload[1]! & 0x1f))];
      fragments.push(payload.subarray(2));
      if ((payload[1]! & 0x40) !== 0) units.push(joined(fragments));
    } else {
      units.push(payload);
    }
  }
  return units;
}

/** One VP8 frame from its RTP payloads in order (RFC 7741). */
export function depacketiseVp8(payloads: readonly Uint8Array[]): Uint8Array {
  return joined(payloads.map((payload) => payload.subarray(4)));
}

function* aggregated(payload: Uint8Array): Generator<Uint8Array> {
  for (let offset = 1; offset < payload.length;) {
    const end = offset + 2 + ((payload[offset]! << 8) | payload[offset + 1]!);
    yield payload.subarray(offset + 2, end);
    offset = end;
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
