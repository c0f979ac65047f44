import type { MediaClock } from './clock.ts';
import { CongestionController, type CongestionOptions, defaultCongestion } from './congestion/congestion-controller.ts';
import { packetiseH264 } from './h264/packetise-h264.ts';
import { parseRtcp } from './rtcp/parse-rtcp.ts';
import type { ReportBlock, RtcpMessage } from './rtcp/rtcp-message.ts';
import { compactNtp, writeSenderReport } from './rtcp/sender-report.ts';
import {
  captureTimeExtension,
  type ExtensionIds,
  noPlayoutDelayExtension,
  transportSequenceExtension,
} from './rtp/header-extensions.ts';
import { Pacer } from './rtp/pacer.ts';
import { PacketHistory, type SentMedia } from './rtp/packet-history.ts';
import { type HeaderExtension, writeRtpPacket } from './rtp/rtp-packet.ts';
import { nextSequence } from './rtp/sequence.ts';
import { packetiseVp8 } from './vp8/packetise-vp8.ts';

/** What the two sides agreed on for one video stream. */
export interface VideoStreamParameters {
  readonly codec: 'h264' | 'vp8';
  readonly ssrc: number;
  readonly payloadType: number;
  /** Absent where the receiver has no retransmission format: then the original is sent again (RFC 4585). */
  readonly retransmission?: { readonly ssrc: number; readonly payloadType: number };
  readonly extensions: ExtensionIds;
  readonly cname: string;
}

export interface VideoSenderOptions {
  readonly stream: VideoStreamParameters;
  readonly clock: MediaClock;
  /** Puts one RTP or RTCP packet on the wire. */
  readonly transmit: (packet: Uint8Array<ArrayBuffer>) => void;
  /** The receiver cannot go on without a keyframe. */
  readonly onKeyframeNeeded: () => void;
  /** First sequence numbers and timestamp: random on a real wire (RFC 3550 §5.1). */
  readonly origin: { readonly sequence: number; readonly retransmissionSequence: number; readonly timestamp: number };
  readonly congestion?: CongestionOptions;
}

/** A frame as the encoder made it. */
export interface MediaFrame {
  readonly data: Uint8Array;
  readonly isKeyframe: boolean;
  /** On the clock of the sender. */
  readonly capturedAt: number;
}

export interface VideoSenderStatistics {
  readonly framesSent: number;
  readonly framesDropped: number;
  readonly packetsSent: number;
  readonly packetsResent: number;
  readonly bytesSent: number;
  readonly keyframesRequested: number;
  readonly targetBitsPerSecond: number;
  readonly roundTripMs: number | undefined;
  readonly lossFraction: number;
}

interface Outgoing {
  readonly media: Omit<SentMedia, 'sequence'> & { readonly sequence: number | undefined };
}

const packetLimit = 1200;
/** RTP header, one extension block with all three elements, and the original sequence number of a retransmission. */
const overheadBytes = 12 + 20 + 2;
const clockRatePerMs = 90;
const paceFactor = 2.5;
/** More waiting than this and frames are dropped until the next keyframe: late is worse than rough. */
const longestWaitMs = 120;
const resumeBelowMs = 20;
const keyframeIntervalMs = 500;
const reportIntervalMs = 1000;
const quietAfterResendMs = 10;

/** Sends one encoded video to one receiver: packets, pacing, retransmission, reports, and the estimate of what the path carries. */
export class VideoSender {
  readonly #options: VideoSenderOptions;
  readonly #controller: CongestionController;
  readonly #pacer: Pacer<Outgoing>;
  readonly #history = new PacketHistory();
  readonly #counts = {
    framesSent: 0,
    framesDropped: 0,
    packetsSent: 0,
    packetsResent: 0,
    bytesSent: 0,
    keyframesRequested: 0,
  };
  readonly #maximumPayload = packetLimit - overheadBytes;
  #sequence: number;
  #retransmissionSequence: number;
  #transportSequence = 0;
  readonly #timestampOrigin: number;
  #pictureId = 0;
  #mediaBytes = 0;
  #awaitsKeyframe = true;
  #keyframeRequestedAt = Number.NEGATIVE_INFINITY;
  #lastFullIntraCommand: number | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #lastTimestamp: { readonly rtp: number; readonly capturedAt: number } | undefined;
  #cancelDrain: (() => void) | undefined;
  #isClosed = false;

  constructor(options: VideoSenderOptions) {
    this.#options = options;
    this.#controller = new CongestionController(options.congestion ?? defaultCongestion);
    this.#pacer = new Pacer(paceFactor * this.#controller.targetBitsPerSecond);
    this.#sequence = options.origin.sequence;
    this.#retransmissionSequence = options.origin.retransmissionSequence;
    this.#timestampOrigin = options.origin.timestamp;
  }

  get statistics(): VideoSenderStatistics {
    return {
      ...this.#counts,
      targetBitsPerSecond: this.#controller.targetBitsPerSecond,
      roundTripMs: this.#controller.roundTripMs,
      lossFraction: this.#controller.lossFraction,
    };
  }

  /** `false`: dropped, because the receiver needs a keyframe first or the path is too slow for it. */
  sendFrame(frame: MediaFrame): boolean {
    if (this.#isClosed || !this.#admits(frame)) {
      this.#counts.framesDropped += 1;
      return false;
    }
    const timestamp = (this.#timestampOrigin + Math.round(frame.capturedAt * clockRatePerMs)) >>> 0;
    const payloads = this.#packetise(frame.data);
    for (const [index, payload] of payloads.entries()) {
      const extensions = index === 0 ? this.#frameExtensions(frame.capturedAt) : [];
      const marker = index === payloads.length - 1;
      this.#enqueue('video', { sequence: undefined, timestamp, marker, payload, extensions });
    }
    this.#lastTimestamp = { rtp: timestamp, capturedAt: frame.capturedAt };
    this.#counts.framesSent += 1;
    this.#drain();
    return true;
  }

  /** One packet from the receiver; anything unknown in it is ignored. */
  handleRtcp(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    for (const message of parseRtcp(bytes)) this.#handle(message);
    this.#drain();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelDrain?.();
  }

  #admits(frame: MediaFrame): boolean {
    const waitMs = this.#pacer.waitMs('video');
    if (frame.isKeyframe) {
      // What waited is older than this frame and not needed any more.
      if (waitMs > longestWaitMs) this.#pacer.clear('video');
      this.#awaitsKeyframe = false;
      return true;
    }
    if (!this.#awaitsKeyframe && waitMs > longestWaitMs) this.#awaitsKeyframe = true;
    if (this.#awaitsKeyframe && waitMs < resumeBelowMs) this.#requestKeyframe();
    return !this.#awaitsKeyframe;
  }

  #packetise(data: Uint8Array): Uint8Array[] {
    if (this.#options.stream.codec === 'h264') return packetiseH264(data, this.#maximumPayload);
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    return packetiseVp8(data, this.#maximumPayload, this.#pictureId);
  }

  #frameExtensions(capturedAt: number): HeaderExtension[] {
    const { playoutDelay, captureTime } = this.#options.stream.extensions;
    const extensions: HeaderExtension[] = [];
    if (playoutDelay !== undefined) extensions.push(noPlayoutDelayExtension(playoutDelay));
    if (captureTime !== undefined) {
      extensions.push(captureTimeExtension(captureTime, this.#options.clock.timeOrigin + capturedAt));
    }
    return extensions;
  }

  #enqueue(priority: 'video' | 'retransmission', media: Outgoing['media']): void {
    this.#pacer.enqueue(priority, { media }, media.payload.length + overheadBytes);
  }

  #drain(): void {
    if (this.#isClosed) return;
    this.#cancelDrain?.();
    this.#cancelDrain = undefined;
    const now = this.#options.clock.nowMs();
    this.#pacer.setRate(paceFactor * this.#controller.targetBitsPerSecond);
    for (const { media } of this.#pacer.drain(now)) this.#transmit(media, now);
    this.#reportWhenDue(now);
    const untilNextMs = this.#pacer.untilNextDrainMs();
    if (untilNextMs === undefined) return;
    this.#cancelDrain = this.#options.clock.after(untilNextMs, () => this.#drain());
  }

  /** Sequence numbers are given here and not earlier, so that frames dropped while they waited leave no gap. */
  #transmit(media: Outgoing['media'], now: number): void {
    const { payloadType, ssrc, retransmission } = this.#options.stream;
    if (media.sequence === undefined) {
      const sent = { ...media, sequence: this.#sequence };
      this.#sequence = nextSequence(this.#sequence);
      this.#history.add(sent);
      this.#mediaBytes += media.payload.length;
      this.#counts.packetsSent += 1;
      this.#write({ ...sent, payloadType, ssrc }, now);
      return;
    }
    this.#counts.packetsResent += 1;
    if (retransmission === undefined) {
      this.#write({ ...media, sequence: media.sequence, payloadType, ssrc }, now);
      return;
    }
    const payload = withOriginalSequence(media.sequence, media.payload);
    this.#write({ ...media, payload, sequence: this.#retransmissionSequence, ...retransmission }, now);
    this.#retransmissionSequence = nextSequence(this.#retransmissionSequence);
  }

  #write(media: SentMedia & { readonly payloadType: number; readonly ssrc: number }, now: number): void {
    const id = this.#options.stream.extensions.transportSequence;
    const extensions =
      id === undefined
        ? media.extensions
        : [...media.extensions, transportSequenceExtension(id, this.#transportSequence)];
    const packet = writeRtpPacket({ ...media, extensions });
    this.#controller.packetSent(this.#transportSequence, packet.length, now);
    this.#transportSequence = nextSequence(this.#transportSequence);
    this.#counts.bytesSent += packet.length;
    this.#options.transmit(packet);
  }

  #handle(message: RtcpMessage): void {
    const now = this.#options.clock.nowMs();
    switch (message.type) {
      case 'transport-feedback':
        this.#controller.feedbackReceived(message.feedback, now);
        return;
      case 'receiver-report':
        for (const block of message.blocks) this.#measureRoundTrip(block, now);
        return;
      case 'nack':
        if (message.mediaSsrc === this.#options.stream.ssrc) this.#resend(message.sequences, now);
        return;
      case 'picture-loss':
        this.#requestKeyframe();
        return;
      case 'full-intra-request':
        // The receiver repeats a command with the same number until it is obeyed (RFC 5104 §4.3.1.1).
        if (message.command !== this.#lastFullIntraCommand) this.#requestKeyframe();
        this.#lastFullIntraCommand = message.command;
        return;
      case 'goodbye':
    }
  }

  #measureRoundTrip(block: ReportBlock, now: number): void {
    if (block.lastSenderReport === 0 || block.ssrc !== this.#options.stream.ssrc) return;
    const elapsed =
      (compactNtp(this.#options.clock.timeOrigin + now) - block.lastSenderReport - block.delaySinceLastSenderReport) |
      0;
    if (elapsed >= 0) this.#controller.roundTripMeasured((elapsed * 1000) / 65_536);
  }

  #resend(sequences: readonly number[], now: number): void {
    if (this.#pacer.waitMs('retransmission') > longestWaitMs) return;
    const quietMs = Math.max(this.#controller.roundTripMs ?? 0, quietAfterResendMs);
    for (const sequence of sequences) {
      const packet = this.#history.takeForResend(sequence, now, quietMs);
      if (packet !== undefined) this.#enqueue('retransmission', packet);
    }
  }

  #requestKeyframe(): void {
    const now = this.#options.clock.nowMs();
    if (now - this.#keyframeRequestedAt < keyframeIntervalMs) return;
    this.#keyframeRequestedAt = now;
    this.#counts.keyframesRequested += 1;
    this.#options.onKeyframeNeeded();
  }

  #reportWhenDue(now: number): void {
    const last = this.#lastTimestamp;
    if (last === undefined || now - this.#reportedAt < reportIntervalMs) return;
    this.#reportedAt = now;
    const { ssrc, cname } = this.#options.stream;
    this.#options.transmit(
      writeSenderReport({
        ssrc,
        cname,
        unixMilliseconds: this.#options.clock.timeOrigin + now,
        rtpTimestamp: (last.rtp + Math.round((now - last.capturedAt) * clockRatePerMs)) >>> 0,
        packets: this.#counts.packetsSent,
        bytes: this.#mediaBytes >>> 0,
      }),
    );
  }
}

/** RFC 4588 §4: the payload of a retransmission begins with the sequence number of the original. */
function withOriginalSequence(sequence: number, payload: Uint8Array): Uint8Array {
  const wrapped = new Uint8Array(2 + payload.length);
  wrapped[0] = sequence >> 8;
  wrapped[1] = sequence & 0xff;
  wrapped.set(payload, 2);
  return wrapped;
}
