import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@vdi/telemetry';
import { type WebSocket, WebSocketServer } from 'ws';
import { refusal, refusalOf, toRequest } from './web-bridge.ts';

/** Who goes on with a WebSocket once it is open. */
interface SocketTaker {
  /** Subprotocols, the preferred one first; a client that offers none of them is refused. */
  readonly protocols: readonly string[];
  take(socket: WebSocket): void;
}

/** Decides about a request to change to WebSockets. */
export type UpgradeHandler = (request: Request) => Promise<Response | SocketTaker>;

export interface UpgradeBridge {
  readonly onUpgrade: (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Cuts all connections that were changed: a server does not know them any more, and would wait for them. */
  cutAll(): void;
}

const mostBytesPerMessage = 2 ** 20;

/** Lets a handler in the style of `fetch` decide about Node's upgrades. */
export function bridgeUpgrades(handler: UpgradeHandler, log: Logger): UpgradeBridge {
  const open = new Set<Duplex>();
  return {
    onUpgrade(incoming, socket, head) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      // A client that goes while it is asked about is none that needs an answer.
      socket.on('error', () => socket.destroy());
      const clientGone = new AbortController();
      socket.once('close', () => clientGone.abort());
      decide(handler, incoming, clientGone.signal)
        .then((answer) =>
          answer instanceof Response ? refuse(socket, answer) : accept(answer, incoming, socket, head),
        )
        .catch((error: unknown) => {
          log.error({ err: error, url: incoming.url }, 'Could not answer a request for a WebSocket');
          socket.destroy();
        });
    },
    cutAll() {
      for (const socket of open) socket.destroy();
    },
  };
}

async function decide(
  handler: UpgradeHandler,
  incoming: IncomingMessage,
  signal: AbortSignal,
): Promise<Response | SocketTaker> {
  const refused = refusalOf(incoming);
  if (refused !== undefined) return refused;
  const answer = await handler(toRequest(incoming, signal));
  if (answer instanceof Response) return answer;
  const { upgrade = '' } = incoming.headers;
  if (upgrade.toLowerCase() !== 'websocket') {
    return refusal(
      400,
      `This server changes to WebSockets, not to ${upgrade}. kubectl does from version 1.31 on, unless KUBECTL_REMOTE_COMMAND_WEBSOCKETS is false.`,
    );
  }
  if (chosenProtocol(answer, offeredBy(incoming)) !== undefined) return answer;
  return refusal(400, `None of the offered subprotocols is spoken here; offer one of ${answer.protocols.join(', ')}.`);
}

function accept(taker: SocketTaker, incoming: IncomingMessage, socket: Duplex, head: Buffer): void {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: mostBytesPerMessage,
    handleProtocols: (offered) => chosenProtocol(taker, offered) ?? false,
  });
  server.handleUpgrade(incoming, socket, head, (webSocket) => taker.take(webSocket));
}

function offeredBy({ headers }: IncomingMessage): ReadonlySet<string> {
  return new Set(headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()));
}

const chosenProtocol = ({ protocols }: SocketTaker, offered: ReadonlySet<string>): string | undefined =>
  protocols.find((protocol) => offered.has(protocol));

async function refuse(socket: Duplex, answer: Response): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  const lines = [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    'Connection: close',
    `Content-Type: ${answer.headers.get('content-type') ?? 'application/json'}`,
    `Content-Length: ${body.length}`,
  ];
  socket.end(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]));
}
