import type { ReportBlock, RtcpMessage } from './rtcp-message.ts';
import { parseTransportFeedback } from './transport-feedback.ts';

/** Packet types and feedback formats: RFC 3550 §12.1, RFC 4585 §6.1, RFC 5104 §4.3. */
const packetType = { senderReport: 200, receiverReport: 201, goodbye: 203, transport: 205, payload: 206 } as const;
const transportFormat = { nack: 1, transportWide: 15 } as const;
const payloadFormat = { pictureLoss: 1, fullIntra: 4 } as const;

const headerBytes = 4;
const ssrcBytes = 4;
const reportBlockBytes = 24;

/**
 * The messages of a compound RTCP packet that matter to a sender, in order. What is unknown is left out; parsing ends
 * at the first packet whose length is wrong, because nothing after it can be found.
 */
export function parseRtcp(bytes: Uint8Array): readonly RtcpMessage[] {
  const messages: RtcpMessage[] = [];
  let offset = 0;
  while (offset + headerBytes <= bytes.length) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + offset);
    const end = offset + headerBytes + view.getUint16(2) * 4;
    if (view.getUint8(0) >> 6 !== 2 || end > bytes.length) break;
    messages.push(...parsePacket(view.getUint8(1), view.getUint8(0) & 0x1f, bytes.subarray(offset + headerBytes, end)));
    offset = end;
  }
  return messages;
}

function parsePacket(type: number, countOrFormat: number, body: Uint8Array): readonly RtcpMessage[] {
  switch (type) {
    case packetType.receiverReport:
      return [{ type: 'receiver-report', blocks: parseBlocks(body.subarray(ssrcBytes), countOrFormat) }];
    case packetType.senderReport:
      return [{ type: 'receiver-report', blocks: parseBlocks(body.subarray(ssrcBytes + 20), countOrFormat) }];
    case packetType.goodbye:
      return [{ type: 'goodbye' }];
    case packetType.transport:
      return body.length < 2 * ssrcBytes ? [] : parseTransport(countOrFormat, body);
    case packetType.payload:
      return body.length < 2 * ssrcBytes ? [] : parsePayloadSpecific(countOrFormat, body);
    default:
      return [];
  }
}

function parseBlocks(bytes: Uint8Array, count: number): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  for (let index = 0; index < count && (index + 1) * reportBlockBytes <= bytes.length; index += 1) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + index * reportBlockBytes, reportBlockBytes);
    blocks.push({
      ssrc: view.getUint32(0),
      fractionLost: view.getUint8(4) / 256,
      cumulativeLost: view.getInt32(4) & 0xff_ffff,
      highestSequence: view.getUint32(8),
      jitter: view.getUint32(12),
      lastSenderReport: view.getUint32(16),
      delaySinceLastSenderReport: view.getUint32(20),
    });
  }
  return blocks;
}

function parseTransport(format: number, body: Uint8Array): readonly RtcpMessage[] {
  const entries = body.subarray(2 * ssrcBytes);
  if (format === transportFormat.transportWide) {
    const feedback = parseTransportFeedback(entries);
    return feedback === undefined ? [] : [{ type: 'transport-feedback', feedback }];
  }
  if (format !== transportFormat.nack) return [];
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const sequences: number[] = [];
  for (let offset = 0; offset + 4 <= entries.length; offset += 4) {
    sequences.push(...lostSequences(view.getUint16(offset), view.getUint16(offset + 2)));
  }
  return [{ type: 'nack', mediaSsrc: mediaSsrc(body), sequences }];
}

/** One generic NACK: a packet and a bit mask of the sixteen after it (RFC 4585 §6.2.1). */
function lostSequences(first: number, following: number): number[] {
  const sequences = [first];
  for (let bit = 0; bit < 16; bit += 1) {
    if ((following & (1 << bit)) !== 0) sequences.push((first + bit + 1) & 0xffff);
  }
  return sequences;
}

function parsePayloadSpecific(format: number, body: Uint8Array): readonly RtcpMessage[] {
  if (format === payloadFormat.pictureLoss) return [{ type: 'picture-loss', mediaSsrc: mediaSsrc(body) }];
  if (format !== payloadFormat.fullIntra) return [];
  const messages: RtcpMessage[] = [];
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  for (let offset = 2 * ssrcBytes; offset + 8 <= body.length; offset += 8) {
    messages.push({
      type: 'full-intra-request',
      mediaSsrc: view.getUint32(offset),
      command: view.getUint8(offset + 4),
    });
  }
  return messages;
}

function mediaSsrc(body: Uint8Array): number {
  return new DataView(body.buffer, body.byteOffset, body.byteLength).getUint32(ssrcBytes);
}
