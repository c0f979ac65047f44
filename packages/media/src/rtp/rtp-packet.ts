/** RTP packets (RFC 3550 §5.1) with one-byte header extensions (RFC 8285 §4.2). */
export interface HeaderExtension {
  /** 1 … 14, as negotiated by `a=extmap`. */
  readonly id: number;
  /** 1 … 16 bytes. */
  readonly data: Uint8Array;
}

export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly extensions: readonly HeaderExtension[];
  readonly payload: Uint8Array;
}

const fixedHeaderBytes = 12;
const oneByteProfile = 0xbede;

export function writeRtpPacket(packet: RtpPacket): Uint8Array<ArrayBuffer> {
  const extensionBytes = extensionBlockBytes(packet.extensions);
  const bytes = new Uint8Array(fixedHeaderBytes + extensionBytes + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | (extensionBytes > 0 ? 0x10 : 0));
  view.setUint8(1, (packet.marker ? 0x80 : 0) | packet.payloadType);
  view.setUint16(2, packet.sequence);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.ssrc);
  if (extensionBytes > 0) {
    view.setUint16(12, oneByteProfile);
    view.setUint16(14, extensionBytes / 4 - 1);
    let offset = 16;
    for (const { id, data } of packet.extensions) {
      view.setUint8(offset, (id << 4) | (data.length - 1));
      bytes.set(data, offset + 1);
      offset += 1 + data.length;
    }
  }
  bytes.set(packet.payload, fixedHeaderBytes + extensionBytes);
  return bytes;
}

function extensionBlockBytes(extensions: readonly HeaderExtension[]): number {
  if (extensions.length === 0) return 0;
  const elements = extensions.reduce((sum, { data }) => sum + 1 + data.length, 0);
  return 4 + Math.ceil(elements / 4) * 4;
}

/** `undefined` for anything that is not a whole RTP packet of version 2. */
export function parseRtpPacket(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < fixedHeaderBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = view.getUint8(0);
  if (first >> 6 !== 2) return undefined;
  let offset = fixedHeaderBytes + (first & 0x0f) * 4;
  const extensions: HeaderExtension[] = [];
  if ((first & 0x10) !== 0) {
    if (bytes.length < offset + 4) return undefined;
    const end = offset + 4 + view.getUint16(offset + 2) * 4;
    if (end > bytes.length) return undefined;
    if (view.getUint16(offset) === oneByteProfile) extensions.push(...parseElements(bytes.subarray(offset + 4, end)));
    offset = end;
  }
  const padding = (first & 0x20) === 0 ? 0 : view.getUint8(bytes.length - 1);
  if (offset + padding > bytes.length) return undefined;
  return {
    payloadType: view.getUint8(1) & 0x7f,
    marker: (view.getUint8(1) & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    extensions,
    payload: bytes.subarray(offset, bytes.length - padding),
  };
}

function* parseElements(block: Uint8Array): Generator<HeaderExtension> {
  let offset = 0;
  while (offset < block.length) {
    const head = block[offset] ?? 0;
    const id = head >> 4;
    if (id === 15) return;
    if (head === 0) {
      offset += 1;
      continue;
    }
    const end = offset + 2 + (head & 0x0f);
    if (end > block.length) return;
    yield { id, data: block.subarray(offset + 1, end) };
    offset = end;
  }
}
