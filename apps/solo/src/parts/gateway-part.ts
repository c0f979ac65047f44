import { systemClock } from '@vdi/controller';
import { type HttpListener, startGateway } from '@vdi/gateway';
import type { AccountDirectory, ProviderKeys, TicketKeys } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { Part } from '../part.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import { sessionNamespaces } from './definitions-part.ts';

interface GatewayNeeds {
  readonly state: StateDirectory;
  readonly log: Logger;
  readonly kube: KubeClient;
  readonly web: HttpListener;
  readonly url: string;
  readonly ticketKeys: TicketKeys;
  readonly cookieKey: Buffer;
  readonly accounts: AccountDirectory;
  readonly providerKeys: ProviderKeys;
  readonly dashboardDirectory: string;
}

/** Dashboard, login and session doors, at the web address. */
export const gatewayPart: Part<GatewayNeeds, object> = {
  name: 'the gateway',
  async start(
    { state, log, kube, web, url, ticketKeys, cookieKey, accounts, providerKeys, dashboardDirectory },
    owned,
  ) {
    const gateway = owned.use(
      await startGateway({
        kube,
        namespaces: sessionNamespaces,
        desktopsReachedBy: 'endpoint-annotation',
        publicUrl: new URL(url),
        identity: { kind: 'embedded', accounts, keys: providerKeys },
        ticketKeys,
        cookieKey,
        dashboardDirectory,
        auditFile: state.audit,
        clock: systemClock,
        log: log.child({ part: 'gateway' }),
      }),
    );
    await Promise.all([gateway.synced, gateway.discovered]);
    owned.use(web.serve(gateway));
    return {};
  },
};
