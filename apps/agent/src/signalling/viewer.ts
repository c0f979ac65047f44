import type { Ticket } from '@vdi/identity';
import type { AgentControl, AgentSignal, Motion, Role } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { Peer } from '../peer/peer.ts';
import { type Closing, closings } from './closing.ts';
import type { ChannelEnd, SignalChannel } from './signal-channel.ts';

export interface ViewerOptions {
  readonly id: string;
  readonly ticket: Ticket;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called once, after everything of the viewer was closed. */
  readonly left: (viewer: Viewer) => void;
}

/** Media outlive their ticket by this much, so that one lost renewal does not end a stream. */
const graceAfterExpiryMs = 15_000;
/** How long a viewer whose network broke keeps its place. */
const resumeWithinMs = { closed: 5000, broken: 20_000 };

/**
 * One person's view of the desktop: who it is, until when it may stay, its signalling and its media. It survives a
 * broken WebSocket for a while, and is over for good when it is closed.
 */
export class Viewer {
  readonly id: string;
  readonly user: string;
  readonly connectedAt: Date;
  readonly #options: ViewerOptions;
  #role: Role;
  #expiresAt: Date;
  #channel: SignalChannel | undefined;
  #peer: Peer | undefined;
  #cancelExpiry: () => void = () => undefined;
  #cancelResume: () => void = () => undefined;
  #isClosed = false;

  constructor(options: ViewerOptions) {
    this.#options = options;
    this.id = options.id;
    this.user = options.ticket.user;
    this.connectedAt = options.clock.date();
    this.#role = options.ticket.role;
    this.#expiresAt = options.ticket.expiresAt;
    this.#watchExpiry();
  }

  get role(): Role {
    return this.#role;
  }

  get peer(): Peer | undefined {
    return this.#peer;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A fresh ticket of the same person: its role counts from now on; its expiry only ever prolongs. */
  prolong(ticket: Ticket): void {
    this.#role = ticket.role;
    if (ticket.expiresAt > this.#expiresAt) this.#expiresAt = ticket.expiresAt;
    this.#watchExpiry();
  }

  /** Goes on over `channel`; what was there before is told that it was replaced. */
  attachChannel(channel: SignalChannel): void {
    const previous = this.#channel;
    this.#channel = channel;
    this.#cancelResume();
    previous?.close(closings.replaced);
    this.attachPeer(undefined);
  }

  /** The channel closed: a page that left is gone; media go on for a while when only the network of the channel broke. */
  channelClosed(channel: SignalChannel, how: ChannelEnd): void {
    if (this.#channel !== channel || this.#isClosed) return;
    this.#channel = undefined;
    if (how === 'left') {
      this.#end('page left');
      return;
    }
    if (how === 'closed') this.attachPeer(undefined);
    this.#awaitReturn(resumeWithinMs[how]);
  }

  attachPeer(peer: Peer | undefined): void {
    const previous = this.#peer;
    this.#peer = peer;
    previous?.close('replaced');
  }

  /**
   * Media ended while the viewer stays, because a page was reloaded or a network changed: with its signalling still
   * open it is asked to come back, otherwise the wait for its return goes on.
   */
  peerClosed(peer: Peer): void {
    if (this.#peer !== peer || this.#isClosed) return;
    this.#peer = undefined;
    const channel = this.#channel;
    if (channel === undefined) return;
    this.#channel = undefined;
    channel.askToReturn();
    this.#awaitReturn(resumeWithinMs.broken);
  }

  sendSignal(signal: AgentSignal): void {
    this.#channel?.send(signal);
  }

  sendControl(message: AgentControl): void {
    this.#peer?.sendControl(message);
  }

  /** Where the pointer is; may get lost. */
  sendMotion(motion: Motion): void {
    this.#peer?.sendMotion(motion);
  }

  /** Says why, and ends signalling and media. */
  close(closing: Closing): void {
    if (this.#isClosed) return;
    const channel = this.#channel;
    this.#channel = undefined;
    channel?.close(closing);
    this.#end(closing.code);
  }

  #awaitReturn(withinMs: number): void {
    this.#cancelResume();
    this.#cancelResume = this.#options.clock.after(withinMs, () => this.#end('did not come back'));
  }

  #watchExpiry(): void {
    this.#cancelExpiry();
    const { clock } = this.#options;
    const remainingMs = this.#expiresAt.getTime() + graceAfterExpiryMs - clock.date().getTime();
    this.#cancelExpiry = clock.after(Math.max(0, remainingMs), () => this.close(closings.ticketExpired));
  }

  #end(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelExpiry();
    this.#cancelResume();
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.close(reason);
    this.#options.log.info({ viewer: this.id, user: this.user, reason }, 'Viewer left');
    this.#options.left(this);
  }
}
