import {
  AgentControl,
  controlChannel,
  decodeMessage,
  decodeMotion,
  encodeMotion,
  type IceServer,
  isNewer,
  type Motion,
  motionChannel,
  type ViewerControl,
} from '@vdi/protocol';
import { keepLatencyLow } from '../video/keep-latency-low.ts';

/** A broken path often mends itself within a moment; longer than this, a new connection is quicker. */
const disconnectedGraceMs = 3_000;

/** More than this on its way, and newer pointer positions are better than more of them. */
const motionBacklogBytes = 1_024;

export interface MediaPeerHandlers {
  candidate(candidate: RTCIceCandidate): void;
  /** The picture's stream is there; its first frame may still be on its way. */
  stream(stream: MediaStream): void;
  /** The control channel carries messages both ways. */
  controlOpened(): void;
  received(message: AgentControl): void;
  /** Where the desktop's pointer is, while somebody else moves it. */
  pointer(motion: Motion): void;
  /** Once. `wasConnected` is false where no path was ever found. */
  failed(wasConnected: boolean): void;
}

/** The WebRTC half of a connection: pictures in, input out. The agent makes the offer and the data channels. */
export class MediaPeer implements Disposable {
  readonly #connection: RTCPeerConnection;
  readonly #handlers: MediaPeerHandlers;
  #control: RTCDataChannel | undefined;
  #motion: RTCDataChannel | undefined;
  #video: RTCRtpReceiver | undefined;
  #motionSequence = 0;
  #pointerSequence: number | undefined;
  #wasConnected = false;
  #hasHeard = false;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  /** Candidates that came before the offer they belong to. */
  #early: RTCIceCandidateInit[] = [];

  constructor(iceServers: readonly IceServer[], handlers: MediaPeerHandlers) {
    this.#handlers = handlers;
    this.#connection = new RTCPeerConnection({ iceServers: [...iceServers], bundlePolicy: 'max-bundle' });
    this.#connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null && candidate.candidate !== '') handlers.candidate(candidate);
    };
    this.#connection.ontrack = (event) => this.#trackArrived(event);
    this.#connection.ondatachannel = ({ channel }) => this.#channelArrived(channel);
    this.#connection.onconnectionstatechange = () => this.#connectionChanged();
  }

  /** @returns the SDP of the answer */
  async answer(offer: string): Promise<string> {
    await this.#connection.setRemoteDescription({ type: 'offer', sdp: offer });
    for (const candidate of this.#early.splice(0)) await this.#connection.addIceCandidate(candidate);
    await this.#connection.setLocalDescription();
    return this.#connection.localDescription?.sdp ?? '';
  }

  async addCandidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.#connection.remoteDescription === null) this.#early.push(candidate);
    else await this.#connection.addIceCandidate(candidate);
  }

  /** @returns whether it was handed to the channel: not before it is open, nor when it is too large for one message */
  send(message: ViewerControl): boolean {
    const channel = this.#control;
    if (channel?.readyState !== 'open') return false;
    try {
      channel.send(JSON.stringify(message));
      return true;
    } catch {
      // The browser refuses what exceeds the peer's `max-message-size`, or a channel that closed just now.
      return false;
    }
  }

  sendMotion(x: number, y: number): void {
    const channel = this.#motion;
    if (channel?.readyState !== 'open' || channel.bufferedAmount > motionBacklogBytes) return;
    this.#motionSequence = (this.#motionSequence + 1) & 0xffff;
    channel.send(encodeMotion({ sequence: this.#motionSequence, x, y }));
  }

  statistics(): Promise<RTCStatsReport> {
    return this.#connection.getStats();
  }

  keepLatencyLow(): void {
    if (this.#video) keepLatencyLow(this.#video);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#graceTimer);
    const connection = this.#connection;
    connection.onicecandidate = connection.ontrack = connection.ondatachannel = null;
    connection.onconnectionstatechange = null;
    if (this.#control) this.#control.onmessage = this.#control.onclose = null;
    if (this.#motion) this.#motion.onmessage = null;
    connection.close();
  }

  #trackArrived({ track, receiver, streams }: RTCTrackEvent): void {
    if (track.kind !== 'video') return;
    this.#video = receiver;
    keepLatencyLow(receiver);
    track.addEventListener('unmute', () => keepLatencyLow(receiver));
    this.#handlers.stream(streams[0] ?? new MediaStream([track]));
  }

  #channelArrived(channel: RTCDataChannel): void {
    if (channel.label === motionChannel) {
      this.#motion = channel;
      channel.binaryType = 'arraybuffer';
      channel.onmessage = ({ data }: MessageEvent<unknown>) => this.#pointerMoved(data);
      return;
    }
    if (channel.label !== controlChannel) return;
    this.#control = channel;
    channel.onmessage = (event: MessageEvent<unknown>) => this.#received(String(event.data));
    // An agent that ends says so here at once; ICE takes some seconds to notice.
    channel.onclose = () => this.#handlers.failed(this.#wasConnected);
  }

  /**
   * What is said on a channel that just opened is now and then lost by Chromium, without an error: the page hears of the
   * channel before the thread that sends does. The agent speaks first, and only after that thread has answered it.
   */
  #received(text: string): void {
    if (!this.#hasHeard) {
      this.#hasHeard = true;
      this.#handlers.controlOpened();
    }
    let message: AgentControl;
    try {
      message = decodeMessage(AgentControl, text);
    } catch {
      // From a newer agent: what this viewer does not know, it can do without.
      return;
    }
    this.#handlers.received(message);
  }

  #pointerMoved(data: unknown): void {
    const motion = data instanceof ArrayBuffer ? decodeMotion(new Uint8Array(data)) : undefined;
    if (!motion || (this.#pointerSequence !== undefined && !isNewer(motion.sequence, this.#pointerSequence))) return;
    this.#pointerSequence = motion.sequence;
    this.#handlers.pointer(motion);
  }

  #connectionChanged(): void {
    clearTimeout(this.#graceTimer);
    switch (this.#connection.connectionState) {
      case 'connected':
        this.#wasConnected = true;
        return;
      case 'disconnected':
        this.#graceTimer = setTimeout(() => this.#handlers.failed(this.#wasConnected), disconnectedGraceMs);
        return;
      case 'failed':
      case 'closed':
        this.#handlers.failed(this.#wasConnected);
        return;
      case 'new':
      case 'connecting':
    }
  }
}
