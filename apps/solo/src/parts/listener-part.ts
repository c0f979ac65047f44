import type { Logger } from '@vdi/telemetry';
import { writeKubeconfig } from '../access/kubeconfig.ts';
import { openAuthority } from '../certificates/authority.ts';
import { openServerCertificate } from '../certificates/server-certificate.ts';
import { dayMs } from '../certificates/validity.ts';
import { listenOnLoopback } from '../http/https-listener.ts';
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
    const first = await openCertificates(state);
    const listener = owned.use(await listenOnLoopback({ port, certificate: first.server, handler: apiHandler, log }));
    const url = `https://127.0.0.1:${listener.port}`;
    const publish = (authorityPem: string): void =>
      writeKubeconfig(state, { url, authorityPem, token: adminToken, namespace: 'vdi-sessions' });
    publish(first.authorityPem);
    recordThisProcess(state, { url });

    // A process that runs for months shows a valid certificate all the time.
    const renew = async (): Promise<void> => {
      const { server, authorityPem } = await openCertificates(state);
      listener.useCertificate(server);
      publish(authorityPem);
    };
    const timer = setInterval(() => {
      renew().catch((error: unknown) => log.error({ err: error }, 'Could not renew the server certificate'));
    }, dayMs);
    owned.defer(() => clearInterval(timer));
    return { url };
  },
};

async function openCertificates(state: StateDirectory) {
  const now = new Date();
  const authority = await openAuthority(state, now);
  return { server: await openServerCertificate(state, authority, now), authorityPem: authority.certificatePem };
}
