import type { Logger } from '@vdi/telemetry';
import { openLocalCertificate } from '../certificates/local-certificate.ts';
import { listenOnLoopback } from './https-listener.ts';
import type { FetchHandler } from './web-bridge.ts';

export interface HttpsService extends AsyncDisposable {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** Of the authority that signed the server's certificate. */
  readonly authorityPem: string;
}

/** Serves a handler alone, without the other parts of standalone mode, at a free port of this machine. */
export async function serveOverHttps(options: {
  /** Where certificates are kept; made if missing. */
  readonly stateDirectory: string;
  readonly handler: FetchHandler;
  readonly log: Logger;
}): Promise<HttpsService> {
  const { stateDirectory, handler, log } = options;
  const certificate = await openLocalCertificate(stateDirectory);
  const listener = await listenOnLoopback({ port: 0, certificate, handler, log });
  return {
    url: `https://127.0.0.1:${listener.port}`,
    authorityPem: certificate.authorityPem,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
