import { builtinResources } from './builtin-resources.ts';
import type { KubeObject } from './kube-object.ts';
import type { KubeResource } from './kube-resource.ts';
import type { ConfigMap, Secret } from './objects/data.ts';
import type { Node } from './objects/node.ts';
import type { Pod } from './objects/pod.ts';
import type { Service } from './objects/service.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from './objects/storage.ts';

const typed = <T extends KubeObject>(resource: KubeResource): KubeResource<T> => resource as KubeResource<T>;

/** Kinds of Kubernetes itself whose fields somebody here reads or writes, with the types of their objects. */
export const typedResources = {
  claims: typed<PersistentVolumeClaim>(builtinResources.persistentVolumeClaims),
  configMaps: typed<ConfigMap>(builtinResources.configMaps),
  endpoints: typed<KubeObject>(builtinResources.endpoints),
  endpointSlices: typed<KubeObject>(builtinResources.endpointSlices),
  events: typed<KubeObject>(builtinResources.events),
  leases: typed<KubeObject & { readonly spec: object }>(builtinResources.leases),
  namespaces: typed<KubeObject>(builtinResources.namespaces),
  networkPolicies: typed<KubeObject>(builtinResources.networkPolicies),
  nodes: typed<Node>(builtinResources.nodes),
  pods: typed<Pod>(builtinResources.pods),
  secrets: typed<Secret>(builtinResources.secrets),
  services: typed<Service>(builtinResources.services),
  storageClasses: typed<StorageClass>(builtinResources.storageClasses),
  volumes: typed<PersistentVolume>(builtinResources.persistentVolumes),
} as const;
