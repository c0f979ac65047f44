/** RTCP as a receiver writes it, for tests: what `parseRtcp` reads. */
const receiverSsrc = 1;

export function writeFeedback(type: number, format: number, mediaSsrc: number, entries: Uint8Array): Uint8Array {
  const padded = Math.ceil(entries.length / 4) * 4;
  const bytes = new Uint8Array(12 + padded);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80 | format);
  view.setUint8(1, type);
  view.setUint16(2, bytes.length / 4 - 1);
  view.setUint32(4, receiverSsrc);
  view.setUint32(8, mediaSsrc);
  bytes.set(entries, 12);
  return bytes;
}

export function writeNack(mediaSsrc: number, sequences: readonly number[]): Uint8Array {
  const entries = new Uint8Array(sequences.length * 4);
  const view = new DataView(entries.buffer);
  for (const [index, sequence] of sequences.entries()) view.setUint16(index * 4, sequence);
  return writeFeedback(205, 1, mediaSsrc, entries);
}

export const writePictureLoss = (mediaSsrc: number): Uint8Array => writeFeedback(206, 1, mediaSsrc, new Uint8Array(0));

export function writeFullIntraRequest(mediaSsrc: number, command: number): Uint8Array {
  const entry = new Uint8Array(8);
  new DataView(entry.buffer).setUint32(0, mediaSsrc);
  entry[4] = command;
  return writeFeedback(206, 4, 0, entry);
}

export interface ArrivalReport {
  readonly base: number;
  readonly feedbackCount: number;
  readonly referenceTicks: number;
  /** Milliseconds after the reference, in quarters; `undefined`: lost. */
  readonly arrivals: readonly (number | undefined)[];
}

/** Transport-wide feedback in two-bit status chunks, with large deltas throughout. */
export function writeTransportFeedback(report: ArrivalReport): Uint8Array {
  const { arrivals } = report;
  const chunks = Math.ceil(arrivals.length / 7);
  const received = arrivals.filter((arrival) => arrival !== undefined);
  const entries = new Uint8Array(8 + chunks * 2 + received.length * 2);
  const view = new DataView(entries.buffer);
  view.setUint16(0, report.base);
  view.setUint16(2, arrivals.length);
  view.setUint32(4, ((report.referenceTicks << 8) | (report.feedbackCount & 0xff)) >>> 0);
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const symbols = arrivals.slice(chunk * 7, chunk * 7 + 7);
    const bits = symbols.reduce<number>(
      (sum, arrival, index) => sum | ((arrival === undefined ? 0 : 2) << (12 - index * 2)),
      0,
    );
    view.setUint16(8 + chunk * 2, 0xc000 | bits);
  }
  let previous = 0;
  for (const [index, arrival] of received.entries()) {
    view.setInt16(8 + chunks * 2 + index * 2, Math.round((arrival - previous) * 4));
    previous = arrival;
  }
  return writeFeedback(205, 15, 0, entries);
}

export function writeReceiverReport(report: {
  readonly ssrc: number;
  readonly lastSenderReport: number;
  readonly delaySinceLastSenderReport: number;
}): Uint8Array {
  const bytes = new Uint8Array(32);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x81c9_0007);
  view.setUint32(4, receiverSsrc);
  view.setUint32(8, report.ssrc);
  view.setUint32(24, report.lastSenderReport);
  view.setUint32(28, report.delaySinceLastSenderReport);
  return bytes;
}
