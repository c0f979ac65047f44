import type { AgentControl, AgentSignal, Motion, Size, ViewerControl } from '@vdi/protocol';
import type { EndReason } from './end-reason.ts';
import { MediaPeer } from './media-peer.ts';
import { openSignalSocket, type SignalSocket } from './signal-socket.ts';

/** From opening the socket to the agent's welcome. */
const welcomeWithinMs = 15_000;
/** From the welcome to a path that carries the picture; ICE with TURN over a slow network needs some seconds. */
const connectedWithinMs = 20_000;
const pingEveryMs = 5_000;
/**
 * More pings than this without a word from the agent, and the connection is dead even if ICE has not noticed. Counted,
 * not timed: a hidden page's timers may run once a minute only.
 */
const unansweredPings = 2;

export type Welcome = Extract<AgentSignal, { type: 'welcome' }>;
export type StopWarning = Extract<AgentSignal, { type: 'warning' }>;

export interface LinkEnd {
  readonly reason: EndReason;
  readonly message?: string;
  readonly retry?: boolean;
  /** The socket was refused before it opened: the door may say why. */
  readonly wasRefused?: boolean;
}

export interface LinkOptions {
  readonly signalUrl: URL;
  /** The offer made and thrown away. It takes the browser a while, in which the socket opens; whoever made it hears when it fails. */
  readonly codecOffer: Promise<string>;
  readonly viewport: Size;
  /** The viewer that this connection continues. */
  readonly resume?: string;
}

export interface LinkHandlers {
  welcomed(welcome: Welcome): void;
  warned(warning: StopWarning): void;
  stream(stream: MediaStream): void;
  controlOpened(): void;
  received(message: AgentControl): void;
  pointer(motion: Motion): void;
  /** Milliseconds there and back over the control channel. */
  roundTrip(milliseconds: number): void;
  /** Once; the link is useless then, but its last picture stays until it is disposed. */
  ended(end: LinkEnd): void;
}

/** One connection to the agent, from the first byte of signalling to its end. A lost one is followed by another. */
export class ViewerLink implements Disposable {
  readonly #options: LinkOptions;
  readonly #handlers: LinkHandlers;
  readonly #socket: SignalSocket;
  #peer: MediaPeer | undefined;
  /** Signals are handled one after the other: a candidate must not overtake the offer that it belongs to. */
  #work: Promise<void> = Promise.resolve();
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #pinger: ReturnType<typeof setInterval> | undefined;
  #pingsSinceHeard = 0;
  #isOver = false;

  constructor(options: LinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.#within(welcomeWithinMs, 'network');
    this.#socket = openSignalSocket(options.signalUrl, {
      opened: () =>
        void options.codecOffer.then(
          (sdp) => this.#sayHello(sdp),
          () => undefined,
        ),
      received: (signal) => this.#enqueue(signal),
      closed: (wasOpen) => this.#end({ reason: 'network', wasRefused: !wasOpen }),
      misunderstood: () => this.#end({ reason: 'bad-message' }),
    });
  }

  send(message: ViewerControl): boolean {
    return this.#peer?.send(message) ?? false;
  }

  sendMotion(x: number, y: number): void {
    this.#peer?.sendMotion(x, y);
  }

  async statistics(): Promise<RTCStatsReport | undefined> {
    return this.#peer?.statistics();
  }

  keepLatencyLow(): void {
    this.#peer?.keepLatencyLow();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    clearTimeout(this.#deadline);
    clearInterval(this.#pinger);
    this.#socket.close(true);
    this.#peer?.[Symbol.dispose]();
  }

  #sayHello(sdp: string): void {
    if (this.#isOver) return;
    const { viewport, resume } = this.#options;
    this.#socket.send({ type: 'hello', sdp, viewport, ...(resume !== undefined && { resume }) });
  }

  #enqueue(signal: AgentSignal): void {
    this.#work = this.#work
      .then(() => (this.#isOver ? undefined : this.#handle(signal)))
      .catch((cause: unknown) =>
        this.#end({ reason: 'media-lost', message: cause instanceof Error ? cause.message : String(cause) }),
      );
  }

  async #handle(signal: AgentSignal): Promise<void> {
    switch (signal.type) {
      case 'welcome':
        this.#within(connectedWithinMs, 'media-blocked');
        this.#peer ??= this.#openPeer(signal);
        this.#handlers.welcomed(signal);
        return;
      case 'offer': {
        if (!this.#peer) throw new Error('The agent made an offer before its welcome.');
        this.#socket.send({ type: 'answer', sdp: await this.#peer.answer(signal.sdp) });
        return;
      }
      case 'candidate':
        await this.#peer?.addCandidate({ candidate: signal.candidate, sdpMid: signal.mid });
        return;
      case 'warning':
        this.#handlers.warned(signal);
        return;
      case 'closing':
        this.#end({ reason: signal.code, message: signal.message, retry: signal.retry });
    }
  }

  #openPeer(welcome: Welcome): MediaPeer {
    return new MediaPeer(welcome.iceServers, {
      candidate: ({ candidate, sdpMid }) => this.#socket.send({ type: 'candidate', candidate, mid: sdpMid ?? '0' }),
      stream: (stream) => this.#handlers.stream(stream),
      controlOpened: () => this.#controlOpened(),
      received: (message) => this.#received(message),
      pointer: (motion) => this.#handlers.pointer(motion),
      failed: (wasConnected) => this.#end({ reason: wasConnected ? 'media-lost' : 'media-blocked' }),
    });
  }

  #controlOpened(): void {
    clearTimeout(this.#deadline);
    this.#pinger = setInterval(() => this.#ping(), pingEveryMs);
    this.#handlers.controlOpened();
    this.#ping();
  }

  #ping(): void {
    if (this.#pingsSinceHeard > unansweredPings) {
      this.#end({ reason: 'media-lost' });
      return;
    }
    this.#pingsSinceHeard += 1;
    this.send({ type: 'ping', sentAt: performance.now() });
  }

  #received(message: AgentControl): void {
    this.#pingsSinceHeard = 0;
    if (message.type === 'pong') this.#handlers.roundTrip(performance.now() - message.sentAt);
    else this.#handlers.received(message);
  }

  #within(milliseconds: number, reason: EndReason): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#end({ reason }), milliseconds);
  }

  #end(end: LinkEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#deadline);
    clearInterval(this.#pinger);
    this.#socket.close(false);
    this.#handlers.ended(end);
  }
}
