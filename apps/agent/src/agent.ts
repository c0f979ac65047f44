import { lookup } from 'node:dns/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from './clock.ts';
import type { AgentConfig } from './config.ts';
import type { Desktop } from './display/desktop.ts';
import { startDesktop } from './display/start-desktop.ts';
import { answerRequest, type RouteContext } from './http/agent-routes.ts';
import { textAnswer, writeAnswer } from './http/answer.ts';
import { refusals } from './http/refusals.ts';
import { loadViewerFiles, type ViewerFiles } from './http/viewer-files.ts';
import { createLauncher } from './launch/launcher.ts';
import { resolveMediaAddresses } from './peer/local-candidate.ts';
import { VideoSources } from './peer/video-sources.ts';
import type { AgentSecrets } from './secrets.ts';
import { createUpgradeHandler } from './signalling/accept-upgrade.ts';
import { closings } from './signalling/closing.ts';
import { Conversation, type ConversationContext } from './signalling/conversation.ts';
import { Room } from './signalling/room.ts';
import { TicketGate } from './signalling/ticket-gate.ts';
import type { RunningAgent } from './status/running-agent.ts';

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly secrets: AgentSecrets;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The display agent: X server, encoder, HTTP and WebRTC of one session. */
export interface Agent extends AsyncDisposable {
  /** Where HTTP listens; tells the port when the configuration said 0. */
  readonly address: AddressInfo;
  readonly desktop: Desktop;
  /** Settles when there is nothing left to show: the process should end and be restarted. */
  readonly failed: Promise<Error>;
}

/** HTTP answers probes from the first moment; everything else waits for X. Disposal is the reverse of the start. */
export async function startAgent({ config, secrets, clock, log }: AgentOptions): Promise<Agent> {
  const startedAt = clock.date();
  let running: RunningAgent | undefined;
  let isStopping = false;
  await using stack = new AsyncDisposableStack();

  const gate = new TicketGate({ keys: secrets.ticketKeys, audience: config.session.uid, clock });
  const files = await viewerFiles(config.viewerDirectory, log);
  const server = stack.adopt(createServer(), closeServer);
  serve(server, {
    gate,
    agentToken: secrets.agentToken,
    files,
    agent: () => running,
    stop: () => (isStopping = true),
    log,
  });
  await listen(server, config.listen);
  const address = server.address() as AddressInfo;
  log.info({ address: `${address.address}:${address.port}` }, 'Listening');

  const stage = stack.use(await setStage({ config, clock, log }));
  const { desktop, sources, room } = stage;
  running = { version: config.version, startedAt, desktop, sources, room };
  const upgrades = stack.use(
    createUpgradeHandler({
      gate,
      clock,
      log,
      closedBecause: () => (isStopping ? refusals.stopping : undefined),
      accepted: (socket, ticket) => void new Conversation(socket, ticket, stage.context),
    }),
  );
  server.on('upgrade', (request, socket, head) => void upgrades.handle(request, socket, head));
  stack.defer(() => room.closeAll(closings.sessionEnding));
  stack.defer(() => void (isStopping = true));
  void sources.warmUp().then(() => logEncoder(sources, log));

  const resources = stack.move();
  return {
    address,
    desktop,
    failed: desktop.failed,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

interface Stage extends AsyncDisposable {
  readonly desktop: Desktop;
  readonly sources: VideoSources;
  readonly room: Room;
  readonly context: ConversationContext;
}

/** What viewers come for: the desktop, its encoders, and the room where they meet. */
async function setStage({ config, clock, log }: Omit<AgentOptions, 'secrets'>): Promise<Stage> {
  const { clipboard, iceServers, mediaPort, display, screen, encoder } = config;
  await using stack = new AsyncDisposableStack();
  const resolve = async (host: string): Promise<string> => (await lookup(host)).address;
  const mediaAddresses = await resolveMediaAddresses(config.mediaAddresses, resolve);
  const desktop = stack.use(await startDesktop({ display, screen, maximum: config.maximumScreen, encoder, log }));
  const sources = stack.use(new VideoSources(desktop, clock));
  const onControlPassed = (): void => desktop.input.releaseAll();
  const room = new Room({ maximumViewers: config.maximumViewers, clock, log, onControlPassed });
  const session = config.session.name;
  const launcher = createLauncher(config.launcherPipe, config.applications);
  const addresses = { mediaPort, mediaAddresses, iceServers };
  const resources = stack.move();
  return {
    desktop,
    sources,
    room,
    context: { room, desktop, sources, ...addresses, session, launcher, clipboard, clock, log },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function serve(server: Server, context: RouteContext): void {
  server.on('request', (request, response) => {
    const isHead = request.method === 'HEAD';
    answerRequest(request, context)
      .catch((error: unknown) => {
        context.log.error({ error: String(error) }, 'Could not answer a request');
        return textAnswer(500, 'The display agent failed to answer. Its log says why.');
      })
      .then((answer) => writeAnswer(response, answer, { isHead }))
      .catch((error: unknown) => context.log.error({ error: String(error) }, 'Could not write an answer'));
  });
}

async function viewerFiles(directory: string, log: Logger): Promise<ViewerFiles> {
  try {
    return await loadViewerFiles(directory);
  } catch (error) {
    log.error({ directory, error: String(error) }, 'The viewer page is missing; people will see 404');
    return new Map();
  }
}

function logEncoder(sources: VideoSources, log: Logger): void {
  const [broadcast] = sources.broadcasts;
  if (broadcast === undefined) log.error({ error: sources.error }, 'No encoder works');
  else log.info({ encoder: broadcast.source.encoder, codec: broadcast.source.codec }, 'Encoder ready');
}

async function listen(server: Server, { host, port }: AgentConfig['listen']): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(port, host, () => listening.resolve());
  await listening.promise;
}

async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  server.closeAllConnections();
  await closed.promise;
}
