import { ntpTimestamp } from '../rtp/header-extensions.ts';

/** What a sender report says (RFC 3550 §6.4.1): which RTP timestamp belongs to which moment, and how much was sent. */
export interface SenderReport {
  readonly ssrc: number;
  readonly unixMilliseconds: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly bytes: number;
  readonly cname: string;
}

const reportBytes = 28;

/** A compound packet of sender report and CNAME (RFC 3550 §6.1 requires both). */
export function writeSenderReport(report: SenderReport): Uint8Array<ArrayBuffer> {
  const cname = Uint8Array.from(report.cname, (character) => character.charCodeAt(0) & 0x7f).subarray(0, 255);
  const itemBytes = Math.ceil((2 + cname.length + 1) / 4) * 4;
  const bytes = new Uint8Array(reportBytes + 8 + itemBytes);
  const view = new DataView(bytes.buffer);
  const ntp = ntpTimestamp(report.unixMilliseconds);
  view.setUint16(0, 0x80c8);
  view.setUint16(2, reportBytes / 4 - 1);
  view.setUint32(4, report.ssrc);
  view.setUint32(8, ntp.seconds);
  view.setUint32(12, ntp.fraction);
  view.setUint32(16, report.rtpTimestamp);
  view.setUint32(20, report.packets);
  view.setUint32(24, report.bytes);
  view.setUint16(28, 0x81ca);
  view.setUint16(30, (8 + itemBytes) / 4 - 1);
  view.setUint32(32, report.ssrc);
  view.setUint8(36, 1);
  view.setUint8(37, cname.length);
  bytes.set(cname, 38);
  return bytes;
}

/** The middle 32 bits of the NTP time: what receivers echo as `lastSenderReport`. */
export function compactNtp(unixMilliseconds: number): number {
  const { seconds, fraction } = ntpTimestamp(unixMilliseconds);
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}
