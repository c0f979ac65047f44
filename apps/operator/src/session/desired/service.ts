import { labels, type VDISession } from '@vdi/api';
import type { KubeObject } from '@vdi/kube';
import { childMetadata, httpPort } from './names.ts';

/**
 * The one address of a session, across incarnations of its Pod. It also leads to a Pod that is not ready: the door
 * decides who may see a starting desktop, and routing is warm by the time it is ready.
 */
export function desiredService(session: VDISession): KubeObject & { readonly spec: object } {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: childMetadata(session, 'service'),
    spec: {
      type: 'ClusterIP',
      selector: { [labels.session]: session.metadata.name },
      publishNotReadyAddresses: true,
      ports: [{ name: 'http', port: httpPort, protocol: 'TCP', targetPort: 'http' }],
    },
  };
}
