import type { IncomingMessage } from 'node:http';
import { RenewRequest, WarnRequest } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { TicketGate } from '../signalling/ticket-gate.ts';
import { closings } from '../signalling/closing.ts';
import { agentMetrics } from '../status/agent-metrics.ts';
import { agentStatus } from '../status/agent-status.ts';
import { metricsContentType } from '../status/metrics-text.ts';
import type { RunningAgent } from '../status/running-agent.ts';
import { type Answer, jsonAnswer, textAnswer } from './answer.ts';
import { hasBearer } from './bearer.ts';
import { jsonBody } from './json-body.ts';
import { methodNotAllowed, refusals, ticketRefusal } from './refusals.ts';
import { fileAnswer, type ViewerFiles } from './viewer-files.ts';

export interface RouteContext {
  readonly gate: TicketGate;
  /** Bearer of the operator. */
  readonly agentToken: string;
  readonly files: ViewerFiles;
  /** `undefined` until X answers. */
  readonly agent: () => RunningAgent | undefined;
  /** Nobody may come in any more. */
  readonly stop: () => void;
  readonly log: Logger;
}

const ticketHeader = 'x-vdi-ticket';

/** Who may ask: anybody (probes), the operator by its bearer token, or a person by the session door's ticket. */
type Caller = 'anybody' | 'operator' | 'person';

interface Route {
  readonly caller: Caller;
  readonly methods: readonly string[];
  readonly answer: (request: IncomingMessage, context: RouteContext) => Answer | Promise<Answer>;
}

const read = ['GET', 'HEAD'] as const;

/** Every route but the WebSocket and the viewer's files. */
const routes: Readonly<Record<string, Route>> = {
  '/healthz': { caller: 'anybody', methods: read, answer: () => textAnswer(200, 'ok') },
  '/readyz': { caller: 'anybody', methods: read, answer: (_, context) => displayReadiness(context) },
  '/readyz/desktop': { caller: 'anybody', methods: read, answer: (_, context) => desktopReadiness(context) },
  '/status': {
    caller: 'operator',
    methods: read,
    answer: (_, context) => withAgent(context, (agent) => jsonAnswer(agentStatus(agent))),
  },
  '/metrics': {
    caller: 'operator',
    methods: read,
    answer: (_, context) =>
      withAgent(context, (agent) => ({
        status: 200,
        headers: { 'Content-Type': metricsContentType },
        body: agentMetrics(agent),
      })),
  },
  '/warn': { caller: 'operator', methods: ['POST'], answer: warn },
  '/stop': { caller: 'operator', methods: ['POST'], answer: stop },
  '/renew': { caller: 'person', methods: ['POST'], answer: renew },
  '/ws': { caller: 'person', methods: read, answer: () => refusals.noUpgrade },
};

export async function answerRequest(request: IncomingMessage, context: RouteContext): Promise<Answer> {
  const path = pathOf(request);
  const route = routes[path];
  const caller = route?.caller ?? 'person';
  const refusal = await refusalFor(caller, request, context);
  if (refusal !== undefined) return refusal;
  const method = request.method ?? 'GET';
  if (route !== undefined) {
    return route.methods.includes(method) ? await route.answer(request, context) : methodNotAllowed(route.methods);
  }
  const file = context.files.get(path);
  if (file === undefined) return refusals.notFound;
  return method === 'GET' || method === 'HEAD' ? fileAnswer(file, request.headers) : methodNotAllowed(read);
}

/** The path as sent, without the query; never decoded, because no route needs it. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

async function refusalFor(
  caller: Caller,
  request: IncomingMessage,
  { gate, agentToken }: RouteContext,
): Promise<Answer | undefined> {
  if (caller === 'anybody') return undefined;
  if (caller === 'operator') {
    return hasBearer(request.headers.authorization, agentToken) ? undefined : refusals.noBearer;
  }
  try {
    await gate.check(ticketOf(request));
    return undefined;
  } catch (error) {
    return ticketRefusal(error);
  }
}

/** The ticket that the session door added; a header sent twice counts as none. */
export function ticketOf(request: IncomingMessage): string | undefined {
  const values = request.headersDistinct[ticketHeader] ?? [];
  return values.length === 1 ? values[0] : undefined;
}

function withAgent(context: RouteContext, answer: (agent: RunningAgent) => Answer): Answer {
  const agent = context.agent();
  return agent === undefined ? refusals.notReady : answer(agent);
}

function displayReadiness(context: RouteContext): Answer {
  return withAgent(context, ({ sources }) => {
    if (sources.broadcasts.length > 0) return textAnswer(200, 'ok');
    return textAnswer(503, sources.error ?? 'X answers; an encoder is being looked for.');
  });
}

function desktopReadiness(context: RouteContext): Answer {
  return withAgent(context, ({ desktop }) =>
    desktop.windows > 0 ? textAnswer(200, 'ok') : textAnswer(503, 'X answers; no window was opened yet.'),
  );
}

async function warn(request: IncomingMessage, context: RouteContext): Promise<Answer> {
  const body = await jsonBody(request, WarnRequest);
  if ('refusal' in body) return body.refusal;
  return withAgent(context, ({ room }) => {
    room.warn(body.value);
    context.log.info({ ...body.value, viewers: room.viewers.length }, 'Warned viewers');
    return jsonAnswer({ viewers: room.viewers.length });
  });
}

function stop(_request: IncomingMessage, context: RouteContext): Answer {
  return withAgent(context, ({ room }) => {
    const viewers = room.viewers.length;
    context.stop();
    room.closeAll(closings.sessionEnding);
    return jsonAnswer({ viewers });
  });
}

async function renew(request: IncomingMessage, context: RouteContext): Promise<Answer> {
  const ticket = await context.gate.check(ticketOf(request));
  const body = await jsonBody(request, RenewRequest);
  if ('refusal' in body) return body.refusal;
  return withAgent(context, ({ room }) => {
    const viewer = room.viewers.find(({ id }) => id === body.value.viewer);
    if (viewer === undefined) return refusals.unknownViewer;
    if (viewer.user !== ticket.user) return refusals.otherViewer;
    room.renew(viewer, ticket);
    return jsonAnswer({ role: viewer.role, expiresAt: ticket.expiresAt.toISOString() });
  });
}
