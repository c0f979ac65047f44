import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TicketSigner } from '@vdi/identity';

/** Whom the door lets in: it adds this person's fresh ticket to every request, as the session door does. */
export interface TestDoorOptions {
  readonly agentPort: number;
  readonly signer: TicketSigner;
  readonly session: string;
  readonly user: string;
  readonly role: 'owner' | 'control' | 'view';
  readonly lifetimeSeconds?: number;
}

export interface TestDoor extends AsyncDisposable {
  readonly origin: string;
  /** What tickets say from now on; `undefined` takes access away: no ticket is added. */
  grant(
    change:
      | { readonly user?: string; readonly role?: TestDoorOptions['role']; readonly lifetimeSeconds?: number }
      | undefined,
  ): void;
}

/** How long a page has to take notice that the door closes. */
const closingGraceMs = 3_000;

/** A reverse proxy on loopback for one person. Disposal ends what still goes through it, for pages that do not. */
export async function openTestDoor(options: TestDoorOptions): Promise<TestDoor> {
  let grant: Pick<TestDoorOptions, 'user' | 'role' | 'lifetimeSeconds'> | undefined = options;
  const headersFor = async (request: IncomingMessage): Promise<Record<string, string | string[]>> => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value ?? '']));
    delete headers['x-vdi-ticket'];
    if (grant === undefined) return headers;
    return { ...headers, 'x-vdi-ticket': await options.signer.sign({ audience: options.session, ...pick(grant) }) };
  };
  const server = createServer((request, response) => {
    void headersFor(request).then((headers) => {
      const upstream = httpRequest(
        { host: '127.0.0.1', port: options.agentPort, path: request.url, method: request.method, headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      upstream.on('error', () => response.destroy());
      request.pipe(upstream);
    });
  });
  // An upgraded connection is no longer the server's: `closeAllConnections` leaves it open, and `close` waits for it.
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    void headersFor(request).then((headers) => {
      if (socket.destroyed) return;
      const upstream = connect(options.agentPort, '127.0.0.1');
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
      upstream.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
      upstream.write(head);
      upstream.pipe(socket);
      socket.pipe(upstream);
      joinEnds(upstream, socket);
    });
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    grant(change) {
      grant = change === undefined ? undefined : { ...(grant ?? options), ...change };
    },
    async [Symbol.asyncDispose]() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      // What a page that just went away said last is still passed on, so that the agent knows that it left.
      for (const socket of upgraded) socket.end();
      const grace = setTimeout(() => {
        for (const socket of upgraded) socket.destroy();
      }, closingGraceMs);
      await closed.promise;
      clearTimeout(grace);
    },
  };
}

/** Where one side breaks off, or is broken off, so does the other; an orderly end goes through the pipes, after the last byte. */
function joinEnds(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy());
    from.on('close', () => from.readableEnded || to.destroy());
  }
}

function pick({ user, role, lifetimeSeconds }: Pick<TestDoorOptions, 'user' | 'role' | 'lifetimeSeconds'>) {
  return lifetimeSeconds === undefined ? { user, role } : { user, role, lifetimeSeconds };
}
