import { labelName } from '../registry/names.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import type { Strategy } from './strategy.ts';

/** Stays in `spec.finalizers` until the contents of a namespace are gone. */
export const contentFinalizer = 'kubernetes';

/** Made when the server starts, and never deleted. */
export const systemNamespaces = ['default', 'kube-system'] as const;

export const namespaceStrategy: Strategy = {
  nameRule: labelName,
  keepsStatusOnCreate: true,
  returnsDeletedObject: true,
  prepareCreate: (namespace) => ({
    ...labelled(namespace),
    spec: { finalizers: [contentFinalizer] },
    status: { phase: 'Active' },
  }),
  refusesDeletion: ({ metadata }) =>
    systemNamespaces.some((name) => name === metadata.name) ? 'this namespace may not be deleted' : undefined,
  prepareDelete: (namespace) => ({ ...namespace, status: { phase: 'Terminating' } }),
  finalizers: ({ spec }) => (spec as { readonly finalizers?: readonly string[] } | undefined)?.finalizers ?? [],
  // spec.finalizers changes through /finalize alone
  prepareUpdate: (namespace, live) => ({ ...labelled(namespace), spec: live['spec'] }),
};

function labelled(namespace: KubernetesObject): KubernetesObject {
  const { metadata } = namespace;
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' };
  return { ...namespace, metadata: { ...metadata, labels } };
}
