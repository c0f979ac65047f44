/** Discovery documents: what kubectl asks before it asks for anything else. */
import { compareVersions } from '../resource/custom-resources.ts';
import type { Resource, Subresource } from '../resource/resource.ts';

/** `GET /api`. */
export function legacyApiVersions() {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] } as const;
}

export interface ApiGroup {
  readonly kind: 'APIGroup';
  readonly apiVersion: 'v1';
  readonly name: string;
  /** Preferred first. */
  readonly versions: readonly GroupVersion[];
  readonly preferredVersion: GroupVersion | undefined;
}

interface GroupVersion {
  readonly groupVersion: string;
  readonly version: string;
}

/** `GET /apis`: all groups but the core group. */
export function apiGroupList(resources: readonly Resource[]) {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupsOf(resources).map((name) => apiGroup(resources, name)),
  } as const;
}

/** `GET /apis/<group>`; a group without versions is not served. */
export function apiGroup(resources: readonly Resource[], name: string): ApiGroup {
  const versions = versionsOf(resources, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { kind: 'APIGroup', apiVersion: 'v1', name, versions, preferredVersion: versions[0] };
}

/** `GET /api/v1` and `GET /apis/<group>/<version>`. */
export function apiResourceList(resources: readonly Resource[], group: string, version: string) {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersionOf(group, version),
    resources: servedIn(resources, group, version).flatMap((resource) => [
      apiResource(resource),
      ...resource.subresources.map((subresource) => apiSubresource(resource, subresource)),
    ]),
  } as const;
}

function apiResource(resource: Resource) {
  return {
    name: resource.plural,
    singularName: resource.singular,
    namespaced: resource.namespaced,
    kind: resource.kind,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
    ...(resource.categories.length > 0 && { categories: resource.categories }),
  };
}

function apiSubresource(resource: Resource, subresource: Subresource) {
  return {
    name: `${resource.plural}/${subresource.name}`,
    singularName: '',
    namespaced: resource.namespaced,
    ...(subresource.version !== undefined && { group: subresource.group ?? '', version: subresource.version }),
    kind: subresource.kind,
    verbs: subresource.verbs,
  };
}

/** `GET /api` and `GET /apis` for clients that accept `apidiscovery.k8s.io/v2`: everything in one document. */
export function aggregatedDiscovery(resources: readonly Resource[], root: 'api' | 'apis') {
  const groups = root === 'api' ? [''] : groupsOf(resources);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((group) => ({
      metadata: { ...(group !== '' && { name: group }), creationTimestamp: null },
      versions: versionsOf(resources, group).map((version) => ({
        version,
        freshness: 'Current',
        resources: servedIn(resources, group, version).map(discoveredResource),
      })),
    })),
  } as const;
}

function discoveredResource(resource: Resource) {
  return {
    resource: resource.plural,
    responseKind: { group: resource.group, version: resource.version, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
    ...(resource.categories.length > 0 && { categories: resource.categories }),
    ...(resource.subresources.length > 0 && {
      subresources: resource.subresources.map((subresource) => ({
        subresource: subresource.name,
        responseKind: {
          group: subresource.group ?? resource.group,
          version: subresource.version ?? resource.version,
          kind: subresource.kind,
        },
        verbs: subresource.verbs,
      })),
    }),
  };
}

export function groupVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

function groupsOf(resources: readonly Resource[]): readonly string[] {
  return [...new Set(resources.map(({ group }) => group))].filter((group) => group !== '');
}

function versionsOf(resources: readonly Resource[], group: string): readonly string[] {
  const versions = new Set(resources.filter((resource) => resource.group === group).map(({ version }) => version));
  return [...versions].sort((left, right) => compareVersions(right, left));
}

function servedIn(resources: readonly Resource[], group: string, version: string): readonly Resource[] {
  return resources.filter((resource) => resource.group === group && resource.version === version);
}
