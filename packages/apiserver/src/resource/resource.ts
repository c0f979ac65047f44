import type { Schema } from '../schema/schema.ts';

/** What the server knows of one served resource, built in or from a CustomResourceDefinition. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Objects are stored as this version says; of a resource with one version, always true. */
  readonly isStorageVersion: boolean;
  readonly verbs: readonly Verb[];
  /** `status` and the like. An entry says that `/<name>/<subresource>` is served. */
  readonly subresources: readonly Subresource[];
  readonly schema: Schema;
  readonly columns: readonly PrinterColumn[];
  /** Fields beside metadata.name and metadata.namespace that a field selector may name, as dotted paths. */
  readonly selectableFields: readonly string[];
  /** Unknown fields are dropped (custom resources, built-in kinds); they are reported as fieldValidation asks. */
  readonly origin: 'builtin' | 'custom';
}

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Subresource {
  readonly name: string;
  readonly kind: string;
  /** Group and version of `kind` where they differ from those of the resource, such as `autoscaling/v1` of Scale. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly Verb[];
  /** Of `scale` only. */
  readonly scale?: ScalePaths;
}

/** Where the replica counts are, as JSON paths: `.spec.replicas`. */
interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  /** A serialised selector (custom resources) or a LabelSelector (built-in kinds). */
  readonly labelSelectorPath?: string;
}

/** A column of the Table that kubectl prints. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly format?: string;
  readonly description?: string;
  /** 0 is shown always, above 0 only with `-o wide`. */
  readonly priority: number;
  readonly value: (object: KubernetesObject, now: Date) => string | number | boolean | null;
}

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: Readonly<Record<string, unknown>>;
  readonly subresource?: string;
}
