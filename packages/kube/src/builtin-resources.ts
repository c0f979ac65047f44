import type { UntypedObject } from './kube-object.ts';
import type { KubeResource } from './kube-resource.ts';

const namespaced = (group: string, version: string, plural: string, kind: string): KubeResource<UntypedObject> => ({
  group,
  version,
  plural,
  kind,
  namespaced: true,
});

const clusterScoped = (group: string, version: string, plural: string, kind: string): KubeResource<UntypedObject> => ({
  group,
  version,
  plural,
  kind,
  namespaced: false,
});

/** The kinds of Kubernetes itself that this project reads or writes. */
export const builtinResources = {
  configMaps: namespaced('', 'v1', 'configmaps', 'ConfigMap'),
  customResourceDefinitions: clusterScoped(
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
  ),
  endpoints: namespaced('', 'v1', 'endpoints', 'Endpoints'),
  endpointSlices: namespaced('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'),
  events: namespaced('', 'v1', 'events', 'Event'),
  leases: namespaced('coordination.k8s.io', 'v1', 'leases', 'Lease'),
  namespaces: clusterScoped('', 'v1', 'namespaces', 'Namespace'),
  networkPolicies: namespaced('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
  nodes: clusterScoped('', 'v1', 'nodes', 'Node'),
  persistentVolumeClaims: namespaced('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  persistentVolumes: clusterScoped('', 'v1', 'persistentvolumes', 'PersistentVolume'),
  pods: namespaced('', 'v1', 'pods', 'Pod'),
  secrets: namespaced('', 'v1', 'secrets', 'Secret'),
  services: namespaced('', 'v1', 'services', 'Service'),
  storageClasses: clusterScoped('storage.k8s.io', 'v1', 'storageclasses', 'StorageClass'),
} as const;
