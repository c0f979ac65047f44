import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** What a desktop was told. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** A server in the place of a desktop: it answers with what it was told, and echoes what a WebSocket says. */
export interface EchoUpstream extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly endpoint: string;
  /** Every request and upgrade, in their order. */
  readonly received: readonly Received[];
  readonly sockets: ReadonlySet<unknown>;
  /** Headers of the next answers. */
  answerHeaders: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * `/silent` accepts and never answers, `/cut` breaks off in its answer. A WebSocket that says `close:4001:why` is closed
 * so; one at `/refused` gets 426.
 */
export async function startEchoUpstream(): Promise<EchoUpstream> {
  const received: Received[] = [];
  const state = { answerHeaders: {} as EchoUpstream['answerHeaders'] };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.once('end', () => {
      const { method = '', url = '', headers, rawHeaders } = request;
      received.push({ method, url, headers, rawHeaders, body });
      if (url === '/silent') return;
      const extra = Object.entries(state.answerHeaders).map(([name, value]) => [name, value]);
      for (const [name, value] of extra) response.setHeader(name as string, value as string | string[]);
      response.setHeader('Content-Type', 'application/json');
      response.write(JSON.stringify({ method, url, headers, body }));
      if (url === '/cut') setImmediate(() => response.destroy());
      else response.end();
    });
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'vdi.v1' });
  server.on('upgrade', (request, socket, head) => {
    const { method = '', url = '', headers, rawHeaders } = request;
    received.push({ method, url, headers, rawHeaders, body: '' });
    if (url === '/refused') {
      socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('message', (data: Buffer, isBinary) => {
        const [word, code, reason] = data.toString().split(':');
        if (word === 'close') client.close(Number(code), reason);
        else client.send(data, { binary: isBinary });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    sockets: sockets.clients,
    get answerHeaders() {
      return state.answerHeaders;
    },
    set answerHeaders(headers) {
      state.answerHeaders = headers;
    },
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
