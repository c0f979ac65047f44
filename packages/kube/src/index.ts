export { builtinResources } from './builtin-resources.ts';
export type { Clock } from './clock.ts';
export { createKubeClient, type KubeClientOptions } from './create-kube-client.ts';
export { fetchFromKubeconfig, fetchInCluster, type KubeConnection } from './credentials.ts';
export type { KubeClient, ServerVersion } from './kube-client.ts';
export { isAlreadyExists, isConflict, isGone, isNotFound, KubeError, type KubeErrorCause } from './kube-error.ts';
export type { KubeList, KubeObject, ObjectMeta, OwnerReference, UntypedObject } from './kube-object.ts';
export { apiVersionOf, type KubeResource, type ObjectName, resourceOf } from './kube-resource.ts';
export type { ConfigMap, Secret } from './objects/data.ts';
export type { Node } from './objects/node.ts';
export * from './objects/pod.ts';
export type { Service } from './objects/service.ts';
export type { PersistentVolume, PersistentVolumeClaim, StorageClass } from './objects/storage.ts';
export type {
  ApplyOptions,
  DeleteOptions,
  GetOptions,
  JsonPatchOperation,
  ListOptions,
  Patch,
  PodLogOptions,
  PodName,
  Selection,
  WatchOptions,
  WriteOptions,
} from './requests.ts';
export type { Fetch } from './transport.ts';
export type { WatchEvent } from './watch.ts';
export { typedResources } from './typed-resources.ts';
