import type { Logger } from '@vdi/telemetry';
import { UserError } from '@vdi/api';
import { writeKubeconfig } from '../access/kubeconfig.ts';
import { openAuthority } from '../certificates/authority.ts';
import { openServerCertificate } from '../certificates/server-certificate.ts';
import { dayMs } from '../certificates/validity.ts';
import { type HttpsListener, listenOnLoopback } from '../http/https-listener.ts';
import type { UpgradeHandler } from '../http/upgrade-bridge.ts';
import type { FetchHandler } from '../http/web-bridge.ts';
import type { Part } from '../part.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface ListenerNeeds {
  readonly state: StateDirectory;
  readonly log: Logger;
  /** The first of these that can be opened is taken; 0 is any free one. */
  readonly apiPorts: readonly number[];
  readonly apiHandler: FetchHandler;
  readonly apiUpgrade: UpgradeHandler;
  readonly adminToken: string;
}

interface ListenerProvides {
  /** Where kubectl reaches the API. */
  readonly apiUrl: string;
}

/** HTTPS on the loopback address with a certificate of our own authority, and the kubeconfig that knows both. */
export const listenerPart: Part<ListenerNeeds, ListenerProvides> = {
  name: 'the HTTPS listener',
  async start({ state, log, apiPorts, apiHandler, apiUpgrade, adminToken }, owned) {
    const first = await openCertificates(state);
    const serving = { certificate: first.server, handler: apiHandler, upgrade: apiUpgrade, log };
    const listener = owned.use(await listenOnFirst(apiPorts, serving));
    const apiUrl = `https://127.0.0.1:${listener.port}`;
    const publish = (authorityPem: string): void =>
      writeKubeconfig(state, { url: apiUrl, authorityPem, token: adminToken, namespace: 'vdi-sessions' });
    publish(first.authorityPem);

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
    return { apiUrl };
  },
};

async function openCertificates(state: StateDirectory) {
  const now = new Date();
  const authority = await openAuthority(state, now);
  return { server: await openServerCertificate(state, authority, now), authorityPem: authority.certificatePem };
}

/** The kubeconfig tells where the API is, so that a taken port is no reason to give up. */
async function listenOnFirst(
  ports: readonly number[],
  options: Omit<Parameters<typeof listenOnLoopback>[0], 'port'>,
): Promise<HttpsListener> {
  const [port = 0, ...others] = ports;
  try {
    return await listenOnLoopback({ ...options, port });
  } catch (error) {
    const isTaken = error instanceof UserError && error.code === 'PortTaken';
    if (!isTaken || others.length === 0) throw error;
    return await listenOnFirst(others, options);
  }
}
