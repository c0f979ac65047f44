import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Ticket } from '@vdi/identity';
import { signalSubprotocol } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import type { Answer } from '../http/answer.ts';
import { pathOf, ticketOf } from '../http/agent-routes.ts';
import { refusals, ticketRefusal } from '../http/refusals.ts';
import type { TicketGate } from './ticket-gate.ts';

export interface UpgradeOptions {
  readonly gate: TicketGate;
  /** Why nobody can come in now; `undefined`: they can. */
  readonly closedBecause: () => Answer | undefined;
  readonly accepted: (socket: WebSocket, ticket: Ticket) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Largest signalling message: a session description. */
const messageLimitBytes = 131_072;
const closeWithinMs = 1000;

/** Decides on a WebSocket before it becomes one: path, ticket, subprotocol, and that the ticket opens nothing twice. */
export interface UpgradeHandler extends AsyncDisposable {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** Disposal waits for the sockets to close, a second at most; it does not close them. */
export function createUpgradeHandler(options: UpgradeOptions): UpgradeHandler {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: messageLimitBytes,
    perMessageDeflate: false,
    handleProtocols: () => signalSubprotocol,
  });
  return {
    async handle(request, socket, head) {
      socket.on('error', (error) => options.log.debug({ error: error.message }, 'Upgrade socket failed'));
      const decision = await decide(request, options);
      if ('refusal' in decision) {
        options.log.warn({ path: pathOf(request), status: decision.refusal.status }, 'Refused a WebSocket');
        refuse(socket, decision.refusal);
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => options.accepted(webSocket, decision.ticket));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...server.clients].map((client) => closed(client, options.clock)));
    },
  };
}

async function closed(socket: WebSocket, clock: Clock): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const done = Promise.withResolvers<void>();
  socket.once('close', () => done.resolve());
  const cancel = clock.after(closeWithinMs, () => socket.terminate());
  await done.promise;
  cancel();
}

async function decide(
  request: IncomingMessage,
  { gate, closedBecause }: UpgradeOptions,
): Promise<{ readonly ticket: Ticket } | { readonly refusal: Answer }> {
  if (pathOf(request) !== '/ws') return { refusal: refusals.notFound };
  let ticket: Ticket;
  try {
    ticket = await gate.check(ticketOf(request));
  } catch (error) {
    return { refusal: ticketRefusal(error) };
  }
  const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!protocols.includes(signalSubprotocol)) return { refusal: refusals.wrongProtocol };
  const closed = closedBecause();
  if (closed !== undefined) return { refusal: closed };
  return gate.spend(ticket) ? { ticket } : { refusal: refusals.spentTicket };
}

function refuse(socket: Duplex, answer: Answer): void {
  const body = String(answer.body ?? '');
  const headers = { ...answer.headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${answer.status} Refused\r\n${lines.join('')}\r\n${body}`);
}
