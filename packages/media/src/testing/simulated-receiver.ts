import { parseRtpPacket, type RtpPacket } from '../rtp/rtp-packet.ts';
import { SequenceUnwrapper } from '../rtp/sequence.ts';
import type { VideoStreamParameters } from '../video-sender.ts';
import { depacketiseH264, joined } from './depacketise.ts';
import type { DrivenClock } from './driven-clock.ts';
import { writeNack, writePictureLoss, writeTransportFeedback } from './write-rtcp.ts';

export const streamForTests: VideoStreamParameters = {
  codec: 'h264',
  ssrc: 1000,
  payloadType: 102,
  retransmission: { ssrc: 2000, payloadType: 103 },
  extensions: { playoutDelay: 4, transportSequence: 5, captureTime: 6 },
  cname: 'test',
};

const feedbackIntervalMs = 50;
const nackIntervalMs = 10;

/** A browser as far as a sender can see one: it joins frames, asks again for what is missing, and reports arrivals. */
export class SimulatedReceiver {
  /** Whole frames in order, as the NAL units' bytes joined. */
  readonly frames: { readonly bytes: Uint8Array; readonly timestamp: number; readonly completedAtMs: number }[] = [];
  readonly #clock: DrivenClock;
  readonly #send: (rtcp: Uint8Array) => void;
  readonly #packets = new Map<number, RtpPacket>();
  readonly #media = new SequenceUnwrapper();
  readonly #transport = new SequenceUnwrapper();
  readonly #arrivals = new Map<number, number>();
  #next: number | undefined;
  #highest = 0;
  #reportedUpTo: number | undefined;
  #feedbackCount = 0;

  constructor(clock: DrivenClock, send: (rtcp: Uint8Array) => void) {
    this.#clock = clock;
    this.#send = send;
    clock.after(feedbackIntervalMs, () => this.#report());
    clock.after(nackIntervalMs, () => this.#ask());
  }

  receive(bytes: Uint8Array): void {
    const packet = parseRtpPacket(bytes);
    if (packet === undefined || (bytes[1]! & 0x7f) === 72) return;
    const extension = packet.extensions.find(({ id }) => id === streamForTests.extensions.transportSequence);
    if (extension !== undefined) {
      const sequence = this.#transport.unwrap((extension.data[0]! << 8) | extension.data[1]!);
      this.#arrivals.set(sequence, this.#clock.nowMs());
    }
    const isRetransmission = packet.ssrc === streamForTests.retransmission?.ssrc;
    const original = isRetransmission ? (packet.payload[0]! << 8) | packet.payload[1]! : packet.sequence;
    const payload = isRetransmission ? packet.payload.subarray(2) : packet.payload;
    const sequence = this.#media.unwrap(original);
    this.#next ??= sequence;
    this.#highest = Math.max(this.#highest, sequence);
    if (sequence >= this.#next) this.#packets.set(sequence, { ...packet, payload });
    this.#join();
  }

  askForKeyframe(): void {
    this.#send(writePictureLoss(streamForTests.ssrc));
  }

  #join(): void {
    for (;;) {
      const payloads: Uint8Array[] = [];
      let sequence = this.#next!;
      let packet = this.#packets.get(sequence);
      while (packet !== undefined && !packet.marker) {
        payloads.push(packet.payload);
        sequence += 1;
        packet = this.#packets.get(sequence);
      }
      if (packet === undefined) return;
      payloads.push(packet.payload);
      for (let taken = this.#next!; taken <= sequence; taken += 1) this.#packets.delete(taken);
      this.#next = sequence + 1;
      const bytes = joined(depacketiseH264(payloads));
      this.frames.push({ bytes, timestamp: packet.timestamp, completedAtMs: this.#clock.nowMs() });
    }
  }

  #ask(): void {
    const missing: number[] = [];
    for (let sequence = this.#next ?? 0; sequence < this.#highest && missing.length < 100; sequence += 1) {
      if (!this.#packets.has(sequence)) missing.push(sequence & 0xffff);
    }
    if (missing.length > 0) this.#send(writeNack(streamForTests.ssrc, missing));
    this.#clock.after(nackIntervalMs, () => this.#ask());
  }

  #report(): void {
    this.#clock.after(feedbackIntervalMs, () => this.#report());
    if (this.#arrivals.size === 0) return;
    const last = Math.max(...this.#arrivals.keys());
    const base = this.#reportedUpTo === undefined ? Math.min(...this.#arrivals.keys()) : this.#reportedUpTo + 1;
    if (last < base) return this.#arrivals.clear();
    const earliest = Math.min(...this.#arrivals.values());
    const referenceTicks = Math.floor(earliest / 64);
    const arrivals = Array.from({ length: last - base + 1 }, (_, index) => {
      const at = this.#arrivals.get(base + index);
      return at === undefined ? undefined : Math.round((at - referenceTicks * 64) * 4) / 4;
    });
    this.#arrivals.clear();
    this.#reportedUpTo = last;
    this.#feedbackCount += 1;
    this.#send(
      writeTransportFeedback({ base: base & 0xffff, feedbackCount: this.#feedbackCount, referenceTicks, arrivals }),
    );
  }
}
