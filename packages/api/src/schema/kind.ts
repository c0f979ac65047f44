import type { Static, TObject, TSchema } from 'typebox';
import type { ObjectMeta } from '../object-meta.ts';
import type { Rule } from './field.ts';

export const group = 'vdi.kasm.io';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}` as const;

/** A column of `kubectl get`. Columns above priority 0 appear with `-o wide`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: number;
}

/** Everything that clients, generators and documentation know about one kind. */
export interface Kind<
  Name extends string = string,
  Spec extends TSchema = TSchema,
  Status extends TSchema = TSchema,
  Scope extends 'Namespaced' | 'Cluster' = 'Namespaced' | 'Cluster',
> {
  readonly group: typeof group;
  readonly version: typeof version;
  readonly apiVersion: typeof apiVersion;
  readonly kind: Name;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly scope: Scope;
  readonly description: string;
  readonly columns: readonly PrinterColumn[];
  /** Dotted paths such as `spec.user`, usable as field selectors. */
  readonly selectableFields: readonly string[];
  /** Rules over the whole object: `metadata.name`, or two versions of one object. */
  readonly rules: readonly Rule[];
  readonly schema: { readonly spec: Spec; readonly status: Status };
}

type Immutable<T> = T extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** The type of the objects of a kind. `status` is missing until the operator has seen the object. */
export interface ObjectOf<Name extends string, Spec, Status> {
  readonly apiVersion: typeof apiVersion;
  readonly kind: Name;
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
  readonly status?: Status;
}

/** The read-only TypeScript type of a schema. */
export type ValueOf<Schema extends TSchema> = Immutable<Static<Schema>>;

type KindInput<Name extends string, Spec extends TSchema, Status extends TSchema, Scope> = Omit<
  Kind<Name, Spec, Status>,
  'group' | 'version' | 'apiVersion' | 'singular' | 'plural' | 'scope'
> & { readonly scope: Scope };

/** Fills in what follows from our one group and version, and from Kubernetes' naming rules. */
export function defineKind<
  const Name extends string,
  Spec extends TObject,
  Status extends TObject,
  const Scope extends 'Namespaced' | 'Cluster',
>(input: KindInput<Name, Spec, Status, Scope>): Kind<Name, Spec, Status, Scope> {
  const singular = input.kind.toLowerCase();
  return { group, version, apiVersion, singular, plural: `${singular}s`, ...input };
}
