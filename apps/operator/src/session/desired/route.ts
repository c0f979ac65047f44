import type { VDISession } from '@vdi/api';
import type { KubeObject } from '@vdi/kube';
import type { RouteSettings } from '../../settings.ts';
import { childMetadata, httpPort } from './names.ts';

/** Above the catch-all route of the gateway, whatever the length of its rule. */
const priority = 100;

/** Traefik v3: exactly this host, through the door's ForwardAuth, to the session's Service. */
export function desiredRoute(
  session: VDISession,
  hostName: string,
  { entryPoint, middleware, tlsOption }: RouteSettings,
): KubeObject & { readonly spec: object } {
  const metadata = childMetadata(session, 'route');
  return {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'IngressRoute',
    metadata,
    spec: {
      entryPoints: [entryPoint],
      routes: [
        {
          kind: 'Rule',
          match: `Host(\`${hostName}\`)`,
          priority,
          middlewares: [{ name: middleware }],
          // The ClusterIP, so that a new Pod is reached before its endpoints have travelled to Traefik.
          services: [
            { name: metadata.name, port: httpPort, nativeLB: true, responseForwarding: { flushInterval: '1ms' } },
          ],
        },
      ],
      // Without a secretName the wildcard certificate of the default TLSStore is used: no key lies next to tenants.
      tls: { options: { name: tlsOption } },
    },
  };
}
