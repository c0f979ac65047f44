import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { listenOn } from './listen-on-loopback.ts';

/** What answers on the web port. */
export interface WebHandler {
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

export interface WebListener extends AsyncDisposable {
  readonly port: number;
  /** Who answers from now on; until the first call, and after the result is disposed of, `whileStarting` does. */
  serve(handler: WebHandler): Disposable;
}

/** How long answers under way may take when the server stops; streams never end by themselves. */
const drainMs = 500;

/** Plain HTTP on 127.0.0.1, which browsers trust as they trust HTTPS. It listens before there is anything to show, to be sure of the port. */
export async function listenForBrowsers(port: number, whileStarting: WebHandler): Promise<WebListener> {
  let current = whileStarting;
  const server = createServer((request, response) => current.handle(request, response));
  server.on('upgrade', (request, socket, head) => current.upgrade(request, socket, head));
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const taken = await listenOn(server, port, '--port');
  return {
    port: taken,
    serve(handler) {
      current = handler;
      return {
        [Symbol.dispose]() {
          current = whileStarting;
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
