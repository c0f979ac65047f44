import type { KubeObject } from '../kube-object.ts';

/** `core/v1` PersistentVolumeClaim, as far as homes need it. */
export interface PersistentVolumeClaim extends KubeObject {
  readonly spec: {
    readonly accessModes?: readonly string[];
    readonly storageClassName?: string;
    readonly volumeName?: string;
    readonly volumeMode?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string | number>> };
  };
  readonly status?: { readonly phase?: 'Pending' | 'Bound' | 'Lost' };
}

/** `core/v1` PersistentVolume, as far as homes need it. */
export interface PersistentVolume extends KubeObject {
  readonly spec: {
    readonly persistentVolumeReclaimPolicy?: 'Retain' | 'Delete' | 'Recycle';
    readonly storageClassName?: string;
    readonly hostPath?: { readonly path: string };
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string };
    readonly [field: string]: unknown;
  };
  readonly status?: { readonly phase?: 'Available' | 'Bound' | 'Released' | 'Failed' | 'Pending' };
}

/** `storage.k8s.io/v1` StorageClass. */
export interface StorageClass extends KubeObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}
