import { referenceTickMs, type TransportFeedback } from '../rtcp/transport-feedback.ts';

/** A packet whose fate the receiver told. Sent and arrived are on different clocks: only differences mean something. */
export interface PacketResult {
  readonly sentAtMs: number;
  /** `undefined`: lost, or not there yet. */
  readonly arrivedAtMs: number | undefined;
  readonly bytes: number;
}

interface Sent {
  readonly sequence: number;
  readonly sentAtMs: number;
  readonly bytes: number;
}

const remembered = 8192;
const tickCircle = 2 ** 24;

/** Remembers when each transport-wide sequence number left, and joins that with the receiver's feedback. */
export class SentPackets {
  readonly #ring = Array.from<Sent | undefined>({ length: remembered });
  #lastTicks: number | undefined;
  #unwrappedTicks = 0;

  add(sequence: number, bytes: number, sentAtMs: number): void {
    this.#ring[sequence % remembered] = { sequence, sentAtMs, bytes };
  }

  /** In order of sending. Each received packet is answered once; a lost one may be answered again when it came after all. */
  resolve(feedback: TransportFeedback): PacketResult[] {
    const referenceMs = this.#unwrapTicks(feedback.referenceTicks) * referenceTickMs;
    const results: PacketResult[] = [];
    for (const { sequence, arrivedAfterMs } of feedback.packets) {
      const sent = this.#ring[sequence % remembered];
      if (sent?.sequence !== sequence) continue;
      if (arrivedAfterMs !== undefined) this.#ring[sequence % remembered] = undefined;
      const arrivedAtMs = arrivedAfterMs === undefined ? undefined : referenceMs + arrivedAfterMs;
      results.push({ sentAtMs: sent.sentAtMs, arrivedAtMs, bytes: sent.bytes });
    }
    return results;
  }

  #unwrapTicks(ticks: number): number {
    const step = this.#lastTicks === undefined ? 0 : (ticks - this.#lastTicks + tickCircle) % tickCircle;
    this.#unwrappedTicks += step < tickCircle / 2 ? step : step - tickCircle;
    this.#lastTicks = ticks;
    return this.#unwrappedTicks;
  }
}
