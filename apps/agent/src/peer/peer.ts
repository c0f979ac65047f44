import { randomInt } from 'node:crypto';
import { type MediaFrame, VideoSender, type VideoSenderStatistics } from '@vdi/media';
import { type AgentControl, controlChannel, encodeMotion, type Motion, motionChannel } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import { type DataChannel, PeerConnection, type Track } from 'node-datachannel';
import type { Clock } from '../clock.ts';
import type { Codec } from '../encode/video-source.ts';
import { LocalCandidates } from './local-candidate.ts';
import type { MediaAddress } from './media-address.ts';
import { agreedStream, type VideoOffer, videoOffer } from './video-offer.ts';

/** What a peer tells its owner. After `closed` nothing more comes. */
interface PeerEvents {
  readonly offer: (sdp: string) => void;
  readonly candidate: (candidate: string, mid: string) => void;
  /** Media and control flow from here on. */
  readonly connected: () => void;
  readonly control: (text: string) => void;
  readonly motion: (bytes: Uint8Array) => void;
  readonly keyframeNeeded: () => void;
  readonly closed: (reason: string) => void;
}

export interface PeerOptions {
  readonly viewer: string;
  readonly codec: Codec;
  /** One UDP port for all peers of the agent. */
  readonly mediaPort: number;
  readonly mediaAddresses: readonly MediaAddress[];
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: PeerEvents;
}

export interface PeerStatistics extends VideoSenderStatistics {
  readonly codec: Codec;
}

/** Largest message of the control channel: a piece of clipboard has 64 KiB, as JSON. */
const messageLimitBytes = 262_144;
/** Candidates that may come before the answer; browsers gather few. */
const earlyCandidateLimit = 64;
/** A connected browser reports every second; one that is silent for this long is gone, asleep or cut off. */
const silenceLimitMs = 15_000;
const connectLimitMs = 20_000;
const checkIntervalMs = 1000;
/** A viewer that does not read its control channel gets no more of it. */
const controlBacklogLimitBytes = 4 * 1_048_576;

/** One viewer's WebRTC connection: ICE, DTLS, SRTP and SCTP below, our own RTP sender on top. */
export class Peer {
  readonly codec: Codec;
  readonly #options: PeerOptions;
  readonly #connection: PeerConnection;
  readonly #offer: VideoOffer;
  readonly #track: Track;
  readonly #control: DataChannel;
  readonly #motion: DataChannel;
  readonly #candidates: LocalCandidates;
  readonly #startedAt: number;
  #earlyCandidates: { readonly candidate: string; readonly mid: string }[] | undefined = [];
  #sender: VideoSender | undefined;
  #heardAt: number;
  #isConnected = false;
  #isClosed = false;
  #cancelCheck: () => void;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.codec = options.codec;
    this.#startedAt = options.clock.nowMs();
    this.#heardAt = this.#startedAt;
    this.#candidates = new LocalCandidates(options.mediaAddresses);
    this.#offer = videoOffer(options.codec);
    this.#connection = new PeerConnection(options.viewer, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: options.mediaPort,
      portRangeEnd: options.mediaPort,
      disableAutoNegotiation: true,
      maxMessageSize: messageLimitBytes,
    });
    this.#track = this.#connection.addTrack(this.#offer.section);
    this.#control = this.#connection.createDataChannel(controlChannel);
    this.#motion = this.#connection.createDataChannel(motionChannel, { unordered: true, maxRetransmits: 0 });
    this.#cancelCheck = options.clock.after(checkIntervalMs, () => this.#check());
  }

  /** Makes the offer; everything else follows through the events. */
  start(): void {
    const { events } = this.#options;
    this.#connection.onLocalDescription((sdp) => this.#whileOpen(() => events.offer(sdp)));
    this.#connection.onLocalCandidate((candidate, mid) =>
      this.#whileOpen(() => {
        for (const rewritten of this.#candidates.rewrite(candidate)) events.candidate(rewritten, mid);
      }),
    );
    this.#connection.onStateChange((state) => {
      if (state === 'failed' || state === 'closed' || state === 'disconnected') this.close(`connection ${state}`);
    });
    this.#track.onMessage((packet) =>
      this.#whileOpen(() => {
        this.#heardAt = this.#options.clock.nowMs();
        this.#sender?.handleRtcp(packet);
      }),
    );
    this.#control.onMessage((message) => {
      if (typeof message === 'string') this.#heard(() => events.control(message));
    });
    this.#motion.onMessage((message) => {
      if (typeof message !== 'string') this.#heard(() => events.motion(new Uint8Array(message)));
    });
    this.#track.onOpen(() => this.#connectedWhenOpen());
    for (const channel of [this.#control, this.#motion]) channel.onOpen(() => this.#connectedWhenOpen());
    this.#connection.setLocalDescription('offer');
  }

  /** @throws RangeError for an answer that refuses the video; any Error for one that is not SDP. */
  acceptAnswer(sdp: string): void {
    if (this.#isClosed || this.#sender !== undefined) return;
    const { clock, events } = this.#options;
    const stream = agreedStream(this.#offer, sdp);
    this.#connection.setRemoteDescription(sdp, 'answer');
    this.#sender = new VideoSender({
      stream,
      clock,
      transmit: (packet) => this.#transmit(packet),
      onKeyframeNeeded: () => events.keyframeNeeded(),
      origin: {
        sequence: randomInt(0x8000),
        retransmissionSequence: randomInt(0x8000),
        timestamp: randomInt(2 ** 32),
      },
    });
    const early = this.#earlyCandidates ?? [];
    this.#earlyCandidates = undefined;
    for (const { candidate, mid } of early) this.addCandidate(candidate, mid);
    this.#connectedWhenOpen();
  }

  /** A candidate that the library below cannot use is left out: others may work. */
  addCandidate(candidate: string, mid: string): void {
    if (this.#isClosed || candidate === '') return;
    if (this.#earlyCandidates !== undefined) {
      if (this.#earlyCandidates.length < earlyCandidateLimit) this.#earlyCandidates.push({ candidate, mid });
      return;
    }
    try {
      this.#connection.addRemoteCandidate(candidate, mid);
    } catch (error) {
      this.#options.log.debug({ candidate, error: String(error) }, 'Left out a candidate');
    }
  }

  /** `false`: not sent, because the peer is not connected, waits for a keyframe, or its path is too slow. */
  sendFrame(frame: MediaFrame): boolean {
    return this.#isConnected && !this.#isClosed && this.#sender?.sendFrame(frame) === true;
  }

  sendControl(message: AgentControl): void {
    if (!this.#isConnected || this.#isClosed || !this.#control.isOpen()) return;
    if (this.#control.bufferedAmount() > controlBacklogLimitBytes) {
      this.close('viewer stopped reading');
      return;
    }
    this.#control.sendMessage(JSON.stringify(message));
  }

  /** May get lost, and is left out while earlier ones wait. */
  sendMotion(motion: Motion): void {
    if (!this.isConnected || !this.#motion.isOpen() || this.#motion.bufferedAmount() > 0) return;
    this.#motion.sendMessageBinary(encodeMotion(motion));
  }

  get statistics(): PeerStatistics | undefined {
    return this.#sender === undefined ? undefined : { codec: this.codec, ...this.#sender.statistics };
  }

  get isConnected(): boolean {
    return this.#isConnected && !this.#isClosed;
  }

  /** Ends media and channels at once. Safe to call again. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelCheck();
    this.#sender?.close();
    this.#connection.close();
    this.#options.events.closed(reason);
  }

  #whileOpen(act: () => void): void {
    if (!this.#isClosed) act();
  }

  #heard(act: () => void): void {
    if (this.#isClosed) return;
    this.#heardAt = this.#options.clock.nowMs();
    act();
  }

  #connectedWhenOpen(): void {
    if (this.#isClosed || this.#isConnected || this.#sender === undefined) return;
    if (!this.#track.isOpen() || !this.#control.isOpen() || !this.#motion.isOpen()) return;
    this.#isConnected = true;
    this.#heardAt = this.#options.clock.nowMs();
    this.#options.events.connected();
  }

  #transmit(packet: Uint8Array<ArrayBuffer>): void {
    // The track closes below us when the browser goes away; its state change follows.
    if (this.#track.isOpen())
      this.#track.sendMessageBinary(Buffer.from(packet.buffer, packet.byteOffset, packet.length));
  }

  #check(): void {
    const now = this.#options.clock.nowMs();
    if (!this.#isConnected && now - this.#startedAt > connectLimitMs) {
      this.close('no connection came about');
      return;
    }
    if (this.#isConnected && now - this.#heardAt > silenceLimitMs) {
      this.close('viewer fell silent');
      return;
    }
    this.#cancelCheck = this.#options.clock.after(checkIntervalMs, () => this.#check());
  }
}
