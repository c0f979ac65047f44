import type { KubeObject } from './kube-object.ts';

/** What the client must know of a kind to build its addresses. `T` is the type of its objects. */
export interface KubeResource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Carries `T` for inference; never set. */
  readonly objectType?: T;
}

/** One object. `namespace` is left out for cluster-scoped kinds. */
export interface ObjectName {
  readonly namespace?: string;
  readonly name: string;
}

/** The descriptor of a kind that is described in the words of a CustomResourceDefinition. */
export function resourceOf<T extends KubeObject = KubeObject>(definition: {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
}): KubeResource<T> {
  const { group, version, plural, kind, scope } = definition;
  return { group, version, plural, kind, namespaced: scope === 'Namespaced' };
}

/** `v1` or `apps/v1`. */
export function apiVersionOf(resource: KubeResource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `/api/v1` or `/apis/apps/v1`. */
export function groupPath(resource: KubeResource): string {
  return resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
}

/** The address of all objects of a kind, in one namespace or (without one) in all of them. */
export function collectionPath(resource: KubeResource, namespace?: string): string {
  if (namespace !== undefined && !resource.namespaced) {
    throw new TypeError(`${resource.kind} is cluster-scoped, so it cannot be looked for in namespace "${namespace}"`);
  }
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupPath(resource)}${scope}/${resource.plural}`;
}

/** The address of one object, or of one of its subresources such as `status`. */
export function objectPath(resource: KubeResource, { namespace, name }: ObjectName, subresource?: string): string {
  if (name === '')
    throw new TypeError(`A ${resource.kind} needs a name; without one the whole collection would be meant`);
  if (resource.namespaced && namespace === undefined) {
    throw new TypeError(`${resource.kind} "${name}" needs a namespace, because the kind is namespaced`);
  }
  const path = `${collectionPath(resource, namespace)}/${encodeURIComponent(name)}`;
  return subresource === undefined ? path : `${path}/${subresource}`;
}
