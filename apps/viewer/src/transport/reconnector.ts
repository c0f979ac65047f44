import type { AgentControl, Motion, Size, ViewerControl } from '@vdi/protocol';
import { playStream } from '../video/play-stream.ts';
import { probeAccess } from './access-probe.ts';
import { nextStep } from './reconnect-policy.ts';
import { renewTicket } from './renew-ticket.ts';
import { throwAwayOffer } from './throw-away-offer.ts';
import { type LinkEnd, type StopWarning, ViewerLink, type Welcome } from './viewer-link.ts';
import type { ViewerPhase } from './viewer-phase.ts';

/** What a connection, whichever one it is, tells the viewer. */
interface LinkSession {
  /** @param viewport what this connection's hello asked for */
  welcomed(welcome: Welcome, viewport: Size): void;
  warned(warning: StopWarning): void;
  received(message: AgentControl): void;
  pointer(motion: Motion): void;
  roundTrip(milliseconds: number): void;
}

export interface ReconnectorOptions {
  readonly video: HTMLVideoElement;
  readonly signalUrl: URL;
  readonly renewUrl: URL;
  readonly viewport: () => Size;
  readonly session: LinkSession;
  phaseChanged(phase: ViewerPhase): void;
}

/**
 * Keeps one connection to the agent: makes it, makes it again when it is lost, and knows when to stop trying. A lost one
 * keeps its last picture until the next shows its first.
 */
export class Reconnector implements Disposable {
  readonly #options: ReconnectorOptions;
  readonly #stopped = new AbortController();
  #link: ViewerLink | undefined;
  #lostLink: ViewerLink | undefined;
  #ticket: AbortController | undefined;
  #viewer: string | undefined;
  #codecOffer: Promise<string> | undefined;
  #failures = 0;
  /** Why the last connection ended. */
  #reason: LinkEnd['reason'] = 'network';
  #streamingSince: number | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;

  constructor(options: ReconnectorOptions) {
    this.#options = options;
  }

  start(): void {
    const { signal } = this.#stopped;
    addEventListener('online', () => this.retryNow(), { signal });
    document.addEventListener('visibilitychange', () => this.#visibilityChanged(), { signal });
    this.#connect();
  }

  send(message: ViewerControl): boolean {
    return this.#link?.send(message) ?? false;
  }

  sendMotion(x: number, y: number): void {
    this.#link?.sendMotion(x, y);
  }

  async statistics(): Promise<RTCStatsReport | undefined> {
    return this.#link?.statistics();
  }

  retryNow(): void {
    if (this.#retry === undefined) return;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#connect();
  }

  leave(): void {
    this.#finish({ reason: 'left' });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#stopped.abort();
    this.#letGo();
    this.#options.video.srcObject = null;
  }

  #connect(): void {
    if (this.#isOver) return;
    if (this.#failures > 0) {
      this.#options.phaseChanged({ name: 'reconnecting', reason: this.#reason, failures: this.#failures });
    }
    this.#codecOffer ??= throwAwayOffer();
    this.#codecOffer.catch(() => this.#finish({ reason: 'unsupported-browser' }));
    this.#openLink(this.#codecOffer);
  }

  #openLink(codecOffer: Promise<string>): void {
    const { signalUrl, viewport, session } = this.#options;
    const asked = viewport();
    this.#streamingSince = undefined;
    // Shown as live when it is: a picture whose keys lead nowhere yet would lose what is typed.
    const missing = new Set<'picture' | 'control'>(['picture', 'control']);
    const arrived = (part: 'picture' | 'control'): void => {
      if (missing.delete(part) && missing.size === 0) this.#streaming(link);
    };
    const link = new ViewerLink(
      {
        signalUrl,
        codecOffer,
        viewport: asked,
        ...(this.#viewer !== undefined && { resume: this.#viewer }),
      },
      {
        welcomed: (welcome) => {
          this.#viewer = welcome.viewer;
          this.#renew(welcome.viewer);
          session.welcomed(welcome, asked);
        },
        warned: (warning) => session.warned(warning),
        stream: (stream) => playStream(this.#options.video, stream, () => arrived('picture')),
        controlOpened: () => {
          // What was held before is not held by the new connection.
          link.send({ type: 'release-all' });
          arrived('control');
        },
        received: (message) => session.received(message),
        pointer: (motion) => session.pointer(motion),
        roundTrip: (milliseconds) => session.roundTrip(milliseconds),
        ended: (end) => void this.#lost(link, end),
      },
    );
    this.#link = link;
  }

  #streaming(link: ViewerLink): void {
    if (link !== this.#link || this.#isOver) return;
    this.#lostLink?.[Symbol.dispose]();
    this.#lostLink = undefined;
    this.#streamingSince = performance.now();
    this.#options.phaseChanged({ name: 'streaming' });
  }

  #renew(viewer: string): void {
    this.#ticket?.abort();
    this.#ticket = new AbortController();
    const link = this.#link;
    renewTicket({
      renewUrl: this.#options.renewUrl,
      viewer,
      signal: this.#ticket.signal,
      renewed: () => link?.keepLatencyLow(),
      refused: (status) => this.#finish({ reason: status === 401 ? 'signed-out' : 'access-denied' }),
      forgotten: () => {
        if (link) void this.#lost(link, { reason: 'ticket-expired' });
      },
    });
  }

  async #lost(link: ViewerLink, end: LinkEnd): Promise<void> {
    if (link !== this.#link || this.#isOver) return;
    this.#ticket?.abort();
    this.#keepPictureOf(link);
    const reason = end.wasRefused ? await probeAccess(this.#options.signalUrl, this.#stopped.signal) : end.reason;
    if (this.#isOver) return;
    const streamedMs = this.#streamingSince === undefined ? 0 : performance.now() - this.#streamingSince;
    const step = nextStep({ ...end, reason, streamedMs }, this.#failures, {
      random: Math.random(),
      isHidden: document.hidden,
    });
    if (step.kind === 'give-up') {
      this.#finish({ ...end, reason });
      return;
    }
    this.#failures = step.failures;
    this.#reason = reason;
    const retryAt = Date.now() + step.delayMs;
    this.#options.phaseChanged({ name: 'reconnecting', reason, failures: step.failures, retryAt });
    this.#retry = setTimeout(() => this.retryNow(), step.delayMs);
  }

  /** The last link that showed something keeps doing so; one that never did has nothing to keep. */
  #keepPictureOf(link: ViewerLink): void {
    this.#link = undefined;
    if (this.#streamingSince === undefined) {
      link[Symbol.dispose]();
      return;
    }
    this.#lostLink?.[Symbol.dispose]();
    this.#lostLink = link;
  }

  #visibilityChanged(): void {
    if (document.hidden) return;
    this.#link?.keepLatencyLow();
    this.retryNow();
  }

  #finish(end: Pick<LinkEnd, 'reason' | 'message'>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopped.abort();
    this.#letGo();
    const { reason, message } = end;
    this.#options.phaseChanged({ name: 'ended', reason, ...(message !== undefined && { message }) });
  }

  #letGo(): void {
    clearTimeout(this.#retry);
    this.#ticket?.abort();
    this.#link?.[Symbol.dispose]();
    this.#lostLink?.[Symbol.dispose]();
    this.#link = this.#lostLink = undefined;
  }
}
