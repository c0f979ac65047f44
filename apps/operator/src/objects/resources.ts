import { type VDISession, type VDITemplate, type VDIUser, vdiSession, vdiTemplate, vdiUser } from '@vdi/api';
import { builtinResources, type KubeObject, type KubeResource, resourceOf } from '@vdi/kube';
import type { Pod } from './pod.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from './storage.ts';

const typed = <T extends KubeObject>(resource: KubeResource): KubeResource<T> => resource as KubeResource<T>;

/** The kinds that the operator reads and writes, with the types of their objects. */
export const resources = {
  sessions: resourceOf<VDISession>(vdiSession),
  templates: resourceOf<VDITemplate>(vdiTemplate),
  users: resourceOf<VDIUser>(vdiUser),
  pods: typed<Pod>(builtinResources.pods),
  claims: typed<PersistentVolumeClaim>(builtinResources.persistentVolumeClaims),
  volumes: typed<PersistentVolume>(builtinResources.persistentVolumes),
  storageClasses: typed<StorageClass>(builtinResources.storageClasses),
  nodes: typed<Node>(builtinResources.nodes),
  secrets: typed<Secret>(builtinResources.secrets),
  configMaps: typed<ConfigMap>(builtinResources.configMaps),
  services: typed<KubeObject>(builtinResources.services),
  networkPolicies: typed<KubeObject>(builtinResources.networkPolicies),
  /** Traefik v3, where its CRDs are served. */
  ingressRoutes: typed<KubeObject>({
    group: 'traefik.io',
    version: 'v1alpha1',
    plural: 'ingressroutes',
    kind: 'IngressRoute',
    namespaced: true,
  }),
} as const;

/** `core/v1` Secret. `data` is base64. */
export interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly type?: string;
}

export interface ConfigMap extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** `core/v1` Node, as far as GPU slices are counted. */
export interface Node extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly allocatable?: Readonly<Record<string, string>> };
}
