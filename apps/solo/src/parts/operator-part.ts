import type { TicketKeys } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import { defaultSettings, type OperatorSettings, startOperator } from '@vdi/operator';
import { createMetrics, type Logger } from '@vdi/telemetry';
import { latestImage } from '../images/image-names.ts';
import type { Part } from '../part.ts';

interface OperatorNeeds {
  readonly kube: KubeClient;
  readonly log: Logger;
  readonly ticketKeys: TicketKeys;
  /** Where people reach sessions, at `http://<host>.localhost:<port>`. */
  readonly sessionPort: number;
}

/** The operator, in this process: sessions become Pods. */
export const operatorPart: Part<OperatorNeeds, object> = {
  name: 'the operator',
  async start({ kube, log, ticketKeys, sessionPort }, owned) {
    const operator = owned.use(
      await startOperator({
        kube,
        settings: standaloneSettings(sessionPort),
        ticketKeys: () => Promise.resolve(ticketKeys.jwks as { readonly keys: readonly object[] }),
        log: log.child({ part: 'operator' }),
        metrics: createMetrics(),
      }),
    );
    await operator.running;
    return {};
  },
};

/** What differs from a cluster: no NetworkPolicies but a network for each session, and agents behind published ports. */
function standaloneSettings(sessionPort: number): OperatorSettings {
  return {
    ...defaultSettings,
    displayImage: latestImage('display'),
    address: { kind: 'localhost', port: sessionPort },
    network: { ...defaultSettings.network, isolation: 'own-network' },
    agent: { ...defaultSettings.agent, reachedBy: 'endpoint-annotation' },
  };
}
