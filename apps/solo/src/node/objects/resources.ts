import { builtinResources, type KubeObject, type KubeResource } from '@vdi/kube';
import type { Pod } from './pod.ts';
import type { PersistentVolume, PersistentVolumeClaim } from './storage.ts';

const of = <T extends KubeObject>(resource: KubeResource): KubeResource<T> => resource as KubeResource<T>;

/** The kinds that this node reads and writes, with the types of what it reads. */
export const resources = {
  pods: of<Pod>(builtinResources.pods),
  configMaps: of<DataObject>(builtinResources.configMaps),
  secrets: of<DataObject>(builtinResources.secrets),
  namespaces: of<KubeObject>(builtinResources.namespaces),
  nodes: of<NodeObject>(builtinResources.nodes),
  claims: of<PersistentVolumeClaim>(builtinResources.persistentVolumeClaims),
  volumes: of<PersistentVolume>(builtinResources.persistentVolumes),
  storageClasses: of<StorageClass>(builtinResources.storageClasses),
  services: of<Service>(builtinResources.services),
  leases: of<KubeObject & { readonly spec: object }>(builtinResources.leases),
  events: of<KubeObject>(builtinResources.events),
  endpoints: of<KubeObject>({ group: '', version: 'v1', plural: 'endpoints', kind: 'Endpoints', namespaced: true }),
  endpointSlices: of<KubeObject>({
    group: 'discovery.k8s.io',
    version: 'v1',
    plural: 'endpointslices',
    kind: 'EndpointSlice',
    namespaced: true,
  }),
} as const;

/** ConfigMap and Secret. Values of `binaryData`, and of a Secret's `data`, are base64. */
export interface DataObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

export interface NodeObject extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: {
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}

export interface Service extends KubeObject {
  readonly spec?: {
    readonly selector?: Readonly<Record<string, string>>;
    readonly type?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly protocol?: string;
      readonly targetPort?: number | string;
    }[];
  };
}
