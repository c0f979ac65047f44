import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { outcomeOfStatus } from '../metrics/door-outcome.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { AddressOf } from '../server/client-address.ts';
import { answer, type DoorAnswer, writeAnswer, writeRefusal } from './answer.ts';
import { type BrowserRequest, isNavigation } from './browser-request.ts';
import { decideDoor, type DecisionDeps, type DoorDecision } from './door-decision.ts';
import { desktopCookies } from './forwarded-headers.ts';
import type { LiveAccesses } from './live-accesses.ts';
import { streamProgress } from './progress-events.ts';
import { proxyRequest, type ProxyTarget } from './proxy-request.ts';
import { proxyUpgrade } from './proxy-upgrade.ts';
import { refusalAnswer } from './refusal-answer.ts';
import { badRequest, failedInside, type Refusal, tooMany } from './refusals.ts';
import { directRequest, forwardedRequest } from './request-sources.ts';
import type { UpstreamLimits } from './upstream-request.ts';

/** What it takes to decide, and to let somebody through. */
export interface ServingDeps extends DecisionDeps {
  readonly accesses: LiveAccesses;
  readonly limits: UpstreamLimits;
  readonly addressOf: AddressOf;
  readonly metrics: GatewayMetrics;
  /** As browsers see it. */
  readonly protocol: 'http' | 'https';
}

/** Answers a request to a session's host, whatever comes of it. */
export async function serveRequest(
  request: IncomingMessage,
  response: ServerResponse,
  deps: ServingDeps,
): Promise<void> {
  const asked = directRequest(request, 'http', deps);
  const write = (written: DoorAnswer): void => {
    deps.metrics.answeredAtDoor('http', outcomeOfStatus(written.status));
    writeAnswer(response, written, request.method === 'HEAD');
  };
  if (asked === undefined) return write(answerTo(asked, badRequest));
  try {
    const decision = await decideDoor(asked, deps);
    if (decision.kind === 'answer') return write(decision.answer);
    const refusal =
      decision.kind === 'pass'
        ? await letThrough(decision, request, deps, (target) => proxyRequest(request, response, target))
        : await showProgress(decision, response, deps);
    if (refusal !== undefined) write(answerTo(asked, refusal));
    else deps.metrics.answeredAtDoor('http', decision.kind === 'pass' ? 'passed' : 'progress');
  } catch (error) {
    deps.log.error({ host: request.headers.host, err: error }, 'Could not answer a request at the session door');
    write(answerTo(asked, failedInside));
  }
}

/** Answers an upgrade there; resolves when the connection has ended. */
export async function serveUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  deps: ServingDeps,
): Promise<void> {
  // What went wrong with a socket ends it, and that is all there is to know.
  socket.on('error', () => socket.destroy());
  const asked = directRequest(request, 'upgrade', deps);
  const write = (written: DoorAnswer): void => {
    deps.metrics.answeredAtDoor('upgrade', outcomeOfStatus(written.status));
    writeRefusal(socket, written);
  };
  const refuse = (refusal: Refusal): void => write(answerTo(asked, refusal));
  if (asked === undefined || request.headers.upgrade?.toLowerCase() !== 'websocket') return refuse(badRequest);
  try {
    const decision = await decideDoor(asked, deps);
    if (decision.kind === 'answer') return write(decision.answer);
    if (decision.kind === 'progress') return refuse(badRequest);
    const refusal = await letThrough(decision, request, deps, (target) => proxyUpgrade(request, socket, head, target));
    if (refusal !== undefined) refuse(refusal);
    else deps.metrics.answeredAtDoor('upgrade', 'passed');
  } catch (error) {
    deps.log.error({ host: request.headers.host, err: error }, 'Could not answer an upgrade at the session door');
    refuse(failedInside);
  }
}

/** Answers Traefik: 200 with a ticket, or what the browser is to get instead. */
export async function serveVerify(request: IncomingMessage, deps: ServingDeps): Promise<DoorAnswer> {
  const answered = await verify(request, deps);
  const outcome = answered.status === 200 && 'X-Vdi-Ticket' in answered.headers ? 'passed' : undefined;
  deps.metrics.answeredAtDoor('verify', outcome ?? outcomeOfStatus(answered.status));
  return answered;
}

async function verify(request: IncomingMessage, deps: ServingDeps): Promise<DoorAnswer> {
  const asked = forwardedRequest(request, deps.hosts);
  if (asked === undefined) return answerTo(asked, badRequest);
  try {
    const decision = await decideDoor(asked, deps);
    if (decision.kind === 'answer') return decision.answer;
    // The stream of a start is the door's own: Traefik routes it, like the rest of `/.vdi/`, to the gateway.
    return decision.kind === 'pass' ? passThrough(decision, request.headers.cookie) : answerTo(asked, badRequest);
  } catch (error) {
    deps.log.error({ host: request.headers['x-forwarded-host'], err: error }, 'Could not verify a request');
    return answerTo(asked, failedInside);
  }
}

/**
 * What Traefik puts in place of the headers of these names that the browser sent. One that is missing here is missing at the
 * desktop, too: so no cookie of the platform and no `Authorization` gets there.
 */
function passThrough({ ticket }: Pass, cookieHeader: string | undefined): DoorAnswer {
  const cookies = desktopCookies(cookieHeader);
  return answer(200, { 'X-Vdi-Ticket': ticket, ...(cookies === undefined ? {} : { Cookie: cookies }) });
}

type Pass = Extract<DoorDecision, { kind: 'pass' }>;
type Progress = Extract<DoorDecision, { kind: 'progress' }>;

async function showProgress(
  { visitor }: Progress,
  response: ServerResponse,
  { accesses, catalog }: ServingDeps,
): Promise<Refusal | undefined> {
  using access = accesses.enter(visitor.principal, visitor.session, visitor.via);
  if (access === undefined) return tooMany;
  await streamProgress(response, { catalog, session: visitor.session, signal: access.signal });
  return undefined;
}

async function letThrough(
  { visitor, endpoint, ticket }: Pass,
  request: IncomingMessage,
  { accesses, limits, protocol }: ServingDeps,
  proxy: (target: ProxyTarget) => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  using access = accesses.enter(visitor.principal, visitor.session, visitor.via);
  if (access === undefined) return tooMany;
  const passage = { ticket, host: request.headers.host ?? '', protocol, address: visitor.via.address };
  return await proxy({ endpoint, passage, limits, signal: access.signal });
}

function answerTo(asked: BrowserRequest | undefined, refusal: Refusal): DoorAnswer {
  return refusalAnswer(refusal, { asPage: asked !== undefined && isNavigation(asked) });
}
