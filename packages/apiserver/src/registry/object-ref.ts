import type { KubernetesObject, Resource } from '../resource/resource.ts';

/** A collection of one resource; namespace '' is "cluster-scoped" or "all namespaces". */
export interface CollectionRef {
  readonly resource: Resource;
  readonly namespace: string;
}

export interface ObjectRef extends CollectionRef {
  readonly name: string;
}

/** Events are one set of objects behind two API groups. */
const storedAs: Readonly<Record<string, string>> = { 'events.k8s.io/events': 'core/events' };

/** All objects of a resource, whatever its version. */
export function resourcePrefix({ group, plural }: Pick<Resource, 'group' | 'plural'>): string {
  const path = `${group === '' ? 'core' : group}/${plural}`;
  return `/${storedAs[path] ?? path}/`;
}

export function collectionPrefix({ resource, namespace }: CollectionRef): string {
  const prefix = resourcePrefix(resource);
  return namespace === '' ? prefix : `${prefix}${namespace}/`;
}

export function objectKey({ resource, namespace, name }: ObjectRef): string {
  return `${resourcePrefix(resource)}${namespace}/${name}`;
}

export function refOf(resource: Resource, { metadata }: KubernetesObject): ObjectRef {
  return { resource, namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

/** Who an object is, for the log of the server: `namespace/name`. */
export function readableName({ namespace, name }: Pick<ObjectRef, 'namespace' | 'name'>): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}
