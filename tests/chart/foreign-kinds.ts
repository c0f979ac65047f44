import type { UntypedObject } from '@vdi/kube';

/** Kinds of others that the chart makes objects of, as an API server must know them to take them in. */
const kinds = [
  { group: 'traefik.io', version: 'v1alpha1', kind: 'IngressRoute', plural: 'ingressroutes' },
  { group: 'traefik.io', version: 'v1alpha1', kind: 'Middleware', plural: 'middlewares' },
  { group: 'traefik.io', version: 'v1alpha1', kind: 'TLSOption', plural: 'tlsoptions' },
  { group: 'monitoring.coreos.com', version: 'v1', kind: 'ServiceMonitor', plural: 'servicemonitors' },
] as const;

/**
 * Definitions of these kinds that take any content: whether it is right is checked against the schemas of Traefik and of the
 * Prometheus Operator themselves, see `schemas.test.ts`.
 */
export const foreignDefinitions: readonly UntypedObject[] = kinds.map(({ group, version, kind, plural }) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}));
