import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** What answers on a port. */
export interface HttpHandler {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Left out: upgrades are refused. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface HttpListener extends AsyncDisposable {
  readonly port: number;
  /** Who answers from now on; until the first call, and after the result is disposed of, `otherwise` does. */
  serve(handler: HttpHandler): Disposable;
}

/**
 * Plain HTTP. It can listen before there is anything to show, to be sure of the port. Disposing of it takes no new
 * connection, and lets answers under way finish.
 */
export async function listenHttp(options: {
  /** Starts to listen; returns the port. */
  readonly open: (server: Server) => Promise<number>;
  readonly otherwise: HttpHandler;
  /** How long answers under way may take when the server stops; streams never end by themselves. */
  readonly drainMs: number;
}): Promise<HttpListener> {
  const { open, otherwise, drainMs } = options;
  let current = otherwise;
  const server = createServer((request, response) => current.handle(request, response));
  server.on('upgrade', (request, socket, head) => {
    if (current.upgrade === undefined) refuseUpgrade(socket);
    else current.upgrade(request, socket, head);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await open(server);
  return {
    port,
    serve(handler) {
      current = handler;
      return {
        [Symbol.dispose]() {
          current = otherwise;
        },
      };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      // Upgraded connections are no longer the server's to close.
      const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), drainMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
