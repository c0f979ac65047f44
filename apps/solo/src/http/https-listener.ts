import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { Logger } from '@vdi/telemetry';
import type { ServerCertificate } from '../certificates/server-certificate.ts';
import { UserError } from '@vdi/api';
import { bridgeToFetch, type FetchHandler } from './web-bridge.ts';

export interface HttpsListener extends AsyncDisposable {
  readonly port: number;
  /** Shows another certificate from the next connection on. */
  useCertificate(certificate: ServerCertificate): void;
}

/** How long requests under way may take to finish when the server stops. Watches never do by themselves. */
const drainMs = 500;

/** Serves HTTPS on 127.0.0.1 only. Port 0 takes any free one. */
export async function listenOnLoopback(options: {
  readonly port: number;
  readonly certificate: ServerCertificate;
  readonly handler: FetchHandler;
  readonly log: Logger;
}): Promise<HttpsListener> {
  const server = createServer(
    { ...tlsOptions(options.certificate), keepAliveTimeout: 90_000 },
    bridgeToFetch(options.handler, options.log),
  );
  await listen(server, options.port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    useCertificate: (certificate) => server.setSecureContext(tlsOptions(certificate)),
    [Symbol.asyncDispose]: () => close(server),
  };
}

const tlsOptions = ({ certificate, privateKey }: ServerCertificate) =>
  ({ cert: certificate, key: privateKey, minVersion: 'TLSv1.2' }) as const;

async function listen(server: Server, port: number): Promise<void> {
  try {
    server.listen({ host: '127.0.0.1', port });
    await once(server, 'listening');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES')) {
      throw portUnusable(port, cause.code);
    }
    throw cause;
  }
}

function portUnusable(port: number, code: 'EADDRINUSE' | 'EACCES'): UserError {
  const isTaken = code === 'EADDRINUSE';
  return new UserError(isTaken ? 'PortTaken' : 'PortForbidden', {
    what: `Port ${port} on 127.0.0.1 could not be opened`,
    why: isTaken ? 'Another program listens there' : 'Ports below 1024 belong to root',
    whatToDo: `Choose another with --port, for example: vdi up --port ${port < 1024 ? 8443 : port + 1}${isTaken ? `. Who has it: ss -ltnp 'sport = :${port}'` : ''}`,
  });
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), drainMs);
  await closed;
  clearTimeout(timer);
}
