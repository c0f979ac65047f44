import type { KubeObject, ObjectName } from '@vdi/kube';

/** `namespace/name`, or `name` for cluster-scoped kinds. Neither part can contain a slash. */
export type ObjectKey = string;

/** The key of an object that has a name. Throws `TypeError` for one that the server has not named yet. */
export function keyOf({ kind, metadata: { namespace, name } }: KubeObject): ObjectKey {
  if (name === undefined) throw new TypeError(`A ${kind ?? 'Kubernetes object'} without metadata.name has no key`);
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The key of the object of this name. */
export function keyOfName({ namespace, name }: ObjectName): ObjectKey {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The name that a key stands for. */
export function nameOfKey(key: ObjectKey): ObjectName {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
