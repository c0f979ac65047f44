import type { Ticket } from '@vdi/identity';
import type { ClipboardPolicy, IceServer, ViewerSignal } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Desktop } from '../display/desktop.ts';
import type { Launcher } from '../launch/launcher.ts';
import type { Broadcast } from '../peer/broadcast.ts';
import { chooseCodec } from '../peer/choose-codec.ts';
import type { MediaAddress } from '../peer/media-address.ts';
import { Peer } from '../peer/peer.ts';
import type { VideoSources } from '../peer/video-sources.ts';
import { ClipboardFlow } from './clipboard-flow.ts';
import { type Closing, closings } from './closing.ts';
import { feedDesktop } from './desktop-feed.ts';
import { feedPointer } from './pointer-feed.ts';
import type { Room } from './room.ts';
import { type ChannelEnd, SignalChannel } from './signal-channel.ts';
import { Steering } from './steering.ts';
import type { Viewer } from './viewer.ts';

/** What every conversation of the agent shares. */
export interface ConversationContext {
  readonly room: Room;
  readonly desktop: Desktop;
  readonly sources: VideoSources;
  readonly mediaPort: number;
  readonly mediaAddresses: readonly MediaAddress[];
  readonly iceServers: readonly IceServer[];
  /** What people call this desktop. */
  readonly session: string;
  readonly launcher: Launcher;
  readonly clipboard: ClipboardPolicy;
  readonly clock: Clock;
  readonly log: Logger;
}

type Hello = Extract<ViewerSignal, { readonly type: 'hello' }>;
/** What may come next: first a hello, then one answer, candidates from then on. */
type Stage = 'hello' | 'preparing' | 'answer' | 'candidates' | 'over';

const helloWithinMs = 10_000;

/** The signalling of one WebSocket, in strict order, from hello to the end. */
export class Conversation {
  readonly #context: ConversationContext;
  readonly #ticket: Ticket;
  readonly #channel: SignalChannel;
  #stage: Stage = 'hello';
  #viewer: Viewer | undefined;
  #peer: Peer | undefined;
  readonly #cancelHelloWatch: () => void;

  constructor(socket: WebSocket, ticket: Ticket, context: ConversationContext) {
    this.#context = context;
    this.#ticket = ticket;
    this.#channel = new SignalChannel(socket, {
      clock: context.clock,
      log: context.log.child({ user: ticket.user }),
      events: {
        signal: (signal) => this.#receive(signal),
        closed: (how) => this.#closed(how),
      },
    });
    this.#cancelHelloWatch = context.clock.after(helloWithinMs, () => this.#refuse(closings.badMessage));
  }

  #receive(signal: ViewerSignal): void {
    if (signal.type === 'hello' && this.#stage === 'hello') {
      this.#stage = 'preparing';
      this.#cancelHelloWatch();
      this.#begin(signal).catch((error: unknown) => {
        this.#context.log.error({ user: this.#ticket.user, error: String(error) }, 'Could not start the stream');
        this.#refuse(closings.encoderFailed);
      });
    } else if (signal.type === 'answer' && this.#stage === 'answer') {
      this.#stage = 'candidates';
      this.#answer(signal.sdp);
    } else if (signal.type === 'candidate' && (this.#stage === 'answer' || this.#stage === 'candidates')) {
      this.#peer?.addCandidate(signal.candidate, signal.mid);
    } else if (this.#stage !== 'over') {
      this.#context.log.warn({ type: signal.type, stage: this.#stage }, 'Refused a signal out of order');
      this.#refuse(closings.badMessage);
    }
  }

  async #begin(hello: Hello): Promise<void> {
    const { room, sources, desktop } = this.#context;
    const codec = chooseCodec(hello.sdp, sources.available);
    if (codec === undefined) {
      this.#refuse(sources.available.length === 0 ? closings.encoderFailed : closings.noCommonCodec);
      return;
    }
    const broadcast = await sources.open(codec);
    if (this.#isOver()) return;
    const viewer = room.enter(this.#ticket, hello.resume);
    if (viewer === undefined) {
      this.#refuse(closings.tooManyViewers);
      return;
    }
    this.#viewer = viewer;
    viewer.attachChannel(this.#channel);
    if (room.isController(viewer)) await desktop.resize(hello.viewport);
    if (this.#isOver() || viewer.isClosed) return;
    this.#welcome(viewer);
    this.#startPeer(viewer, broadcast);
  }

  #welcome(viewer: Viewer): void {
    const { desktop, session, iceServers, launcher, clipboard, room } = this.#context;
    this.#channel.send({
      type: 'welcome',
      viewer: viewer.id,
      role: viewer.role,
      session,
      screen: { ...desktop.screen },
      iceServers: [...iceServers],
      applications: launcher.applications.map(({ name, icon }) => (icon === undefined ? { name } : { name, icon })),
      clipboard,
    });
    if (room.warning !== undefined) this.#channel.send({ type: 'warning', ...room.warning });
  }

  #startPeer(viewer: Viewer, broadcast: Broadcast): void {
    const { room, desktop, clock, mediaPort, mediaAddresses } = this.#context;
    const log = this.#context.log.child({ viewer: viewer.id });
    const requestKeyframe = (): void => broadcast.source.requestKeyframe();
    const { clipboard: policy, launcher } = this.#context;
    const isController = (): boolean => room.isController(viewer);
    const clipboard = new ClipboardFlow({ viewer, isController, clipboard: desktop.clipboard, policy, log });
    const steering = new Steering({ viewer, room, desktop, clipboard, launcher, clock, log, requestKeyframe });
    const flows = new DisposableStack();
    const peer = new Peer({
      viewer: viewer.id,
      codec: broadcast.source.codec,
      mediaPort,
      mediaAddresses,
      clock,
      log,
      events: {
        offer: (sdp) => this.#channel.send({ type: 'offer', sdp }),
        candidate: (candidate, mid) => this.#channel.send({ type: 'candidate', candidate, mid }),
        connected: () => {
          log.info({ codec: broadcast.source.codec, encoder: broadcast.source.encoder }, 'Viewer connected');
          flows.defer(broadcast.join({ peer, isController }));
          flows.defer(feedDesktop(viewer, desktop));
          flows.defer(feedPointer(viewer, { desktop, isController, clock }));
          flows.defer(clipboard.start());
          room.tellViewers();
        },
        control: (text) => steering.control(text),
        motion: (bytes) => steering.motion(bytes),
        keyframeNeeded: requestKeyframe,
        closed: (reason) => {
          flows.dispose();
          log.info({ reason }, 'Peer closed');
          if (isController()) desktop.input.releaseAll();
          viewer.peerClosed(peer);
        },
      },
    });
    this.#peer = peer;
    this.#stage = 'answer';
    viewer.attachPeer(peer);
    void broadcast.source.failed.then(() => {
      if (peer === viewer.peer) viewer.close(closings.encoderFailed);
    });
    peer.start();
  }

  #answer(sdp: string): void {
    try {
      this.#peer?.acceptAnswer(sdp);
    } catch (error) {
      this.#context.log.warn({ user: this.#ticket.user, error: String(error) }, 'Refused an answer');
      this.#refuse(closings.badMessage);
    }
  }

  #refuse(closing: Closing): void {
    this.#stage = 'over';
    this.#cancelHelloWatch();
    if (this.#viewer === undefined) this.#channel.close(closing);
    else this.#viewer.close(closing);
  }

  #closed(how: ChannelEnd): void {
    this.#stage = 'over';
    this.#cancelHelloWatch();
    this.#viewer?.channelClosed(this.#channel, how);
  }

  #isOver(): boolean {
    return this.#stage === 'over';
  }
}
