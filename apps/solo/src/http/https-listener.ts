import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { Logger } from '@vdi/telemetry';
import type { ServerCertificate } from '../certificates/server-certificate.ts';
import { listenOn } from './listen-on-loopback.ts';
import { bridgeUpgrades, type UpgradeHandler } from './upgrade-bridge.ts';
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
  /** Decides about WebSockets; left out, there are none. */
  readonly upgrade?: UpgradeHandler;
  readonly log: Logger;
}): Promise<HttpsListener> {
  const server = createServer(
    { ...tlsOptions(options.certificate), keepAliveTimeout: 90_000 },
    bridgeToFetch(options.handler, options.log),
  );
  const upgrades = options.upgrade && bridgeUpgrades(options.upgrade, options.log);
  if (upgrades !== undefined) server.on('upgrade', upgrades.onUpgrade);
  const port = await listenOn(server, options.port, '--api-port');
  return {
    port,
    useCertificate: (certificate) => server.setSecureContext(tlsOptions(certificate)),
    [Symbol.asyncDispose]: () => close(server, () => upgrades?.cutAll()),
  };
}

const tlsOptions = ({ certificate, privateKey }: ServerCertificate) =>
  ({ cert: certificate, key: privateKey, minVersion: 'TLSv1.2' }) as const;

async function close(server: Server, cutUpgraded: () => void): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => {
    server.closeAllConnections();
    cutUpgraded();
  }, drainMs);
  await closed;
  clearTimeout(timer);
}
