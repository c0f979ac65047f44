import type { Logger } from '@vdi/telemetry';
import { writeKubeconfig } from '../access/kubeconfig.ts';
import { openAuthority } from '../certificates/authority.ts';
import { openServerCertificate } from '../certificates/server-certificate.ts';
import { dayMs } from '../certificates/validity.ts';
import { type HttpsListener, listenOnLoopback } from '../http/https-listener.ts';
import type { FetchHandler } from '../http/web-bridge.ts';
import type { Part } from '../part.ts';
import { recordThisProcess } from '../state/process-record.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface ListenerNeeds {
  readonly state: StateDirectory;
  readonly log: Logger;
  readonly port: number;
  readonly apiHandler: FetchHandler;
  readonly adminToken: string;
}

interface ListenerProvides {
  readonly url: string;
}

/** HTTPS on the loopback address with a certificate of our own authority, and the kubeconfig that knows both. */
export const listenerPart: Part<ListenerNeeds, ListenerProvides> = {
  name: 'the HTTPS listener',
  async start({ state, log, port, apiHandler, adminToken }, owned) {
    const authority = await openAuthority(state, new Date());
    const certificate = await openServerCertificate(state, authority, new Date());
    const listener = owned.use(await listenOnLoopback({ port, certificate, handler: apiHandler, log }));
    owned.defer(renewDaily(listener, state, log));
    const url = `https://127.0.0.1:${listener.port}`;
    writeKubeconfig(state, {
      url,
      authorityPem: authority.certificatePem,
      token: adminToken,
      namespace: 'vdi-sessions',
    });
    recordThisProcess(state, { url });
    return { url };
  },
};

/** A process that runs for months shows a valid certificate all the time. Returns the way to stop. */
function renewDaily(listener: HttpsListener, state: StateDirectory, log: Logger): () => void {
  const renew = async (): Promise<void> => {
    const authority = await openAuthority(state, new Date());
    listener.useCertificate(await openServerCertificate(state, authority, new Date()));
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.error({ err: error }, 'Could not renew the server certificate'));
  }, dayMs);
  timer.unref();
  return () => clearInterval(timer);
}
