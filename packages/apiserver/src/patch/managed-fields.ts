/**
 * `metadata.managedFields`: which manager owns which fields (KEP-555). An entry is known by its manager, operation and
 * subresource, and for updates by the API version as well.
 */
import { ApiError } from '../api-error.ts';
import type { KubernetesObject, ManagedFieldsEntry } from '../resource/resource.ts';
import type { Schema } from '../schema/schema.ts';
import { equalFieldSets, isEmptyFieldSet, parseFieldSet, printFieldSet, type FieldSet } from './field-set.ts';
import { reconcileFieldSet } from './reconcile-field-set.ts';

/** One entry, read. */
export interface Manager {
  readonly name: string;
  readonly operation: ManagedFieldsEntry['operation'];
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  /** RFC 3339, in seconds; old entries may lack it. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** The managers of one object by {@link managerIdentity}. */
export type Managers = ReadonlyMap<string, Manager>;

/** What tells one entry from another; a text, so that it also gives an order. */
export function managerIdentity(manager: Omit<Manager, 'fields' | 'time'>): string {
  const { name, operation, subresource } = manager;
  const apiVersion = operation === 'Apply' ? undefined : manager.apiVersion;
  return JSON.stringify({ manager: name, operation, apiVersion, subresource });
}

/**
 * Reads the entries of an object.
 * @throws ApiError 400 when an entry is not one of FieldsV1.
 */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined, schema: Schema): Managers {
  const managers = new Map<string, Manager>();
  for (const [index, entry] of (entries ?? []).entries()) {
    const manager = readManager(entry, index, schema);
    managers.set(managerIdentity(manager), manager);
  }
  return managers;
}

function readManager(entry: ManagedFieldsEntry, index: number, schema: Schema): Manager {
  const refuse = (why: string, cause?: unknown) =>
    new ApiError(400, 'BadRequest', `metadata.managedFields[${index}] cannot be read: ${why}`, { cause });
  if (entry.operation !== 'Apply' && entry.operation !== 'Update') throw refuse('operation must be Apply or Update');
  if (typeof entry.apiVersion !== 'string' || entry.apiVersion === '') throw refuse('apiVersion must not be empty');
  if (entry.fieldsType !== 'FieldsV1') throw refuse('fieldsType must be FieldsV1');
  try {
    return {
      name: entry.manager ?? '',
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      subresource: entry.subresource === '' ? undefined : entry.subresource,
      time: entry.time,
      fields: reconcileFieldSet(schema, parseFieldSet(entry.fieldsV1 ?? {})),
    };
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}

/** Writes the entries in Kubernetes' order: appliers first, then by time, manager, API version and subresource. */
export function writeManagers(managers: Managers): readonly ManagedFieldsEntry[] {
  return [...managers.values()].sort(compareManagers).map(writeManager);
}

function compareManagers(left: Manager, right: Manager): number {
  return (
    compareText(left.operation, right.operation) ||
    unixSeconds(left.time) - unixSeconds(right.time) ||
    compareText(left.name, right.name) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource ?? '', right.subresource ?? '')
  );
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The moment of an entry in seconds; entries without one are the oldest. */
export function unixSeconds(time: string | undefined): number {
  const milliseconds = time === undefined ? 0 : Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}

function writeManager({ name, operation, apiVersion, time, fields, subresource }: Manager): ManagedFieldsEntry {
  return {
    manager: name,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: printFieldSet(fields),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** `metav1.Time`: RFC 3339 in UTC without fractions of a second. */
export function metav1Time(now: Date): string {
  return `${now.toISOString().slice(0, 19)}Z`;
}

/** The managers with this entry set, or dropped when it owns nothing. */
export function withManager(managers: Managers, manager: Manager): Managers {
  const changed = new Map(managers);
  if (isEmptyFieldSet(manager.fields)) changed.delete(managerIdentity(manager));
  else changed.set(managerIdentity(manager), manager);
  return changed;
}

/** The managers with some of their fields changed; those that own nothing any more are dropped. */
export function mapManagedFields(
  managers: Managers,
  change: (manager: Manager, identity: string) => FieldSet,
): Managers {
  const changed = new Map<string, Manager>();
  for (const [identity, manager] of managers) {
    const fields = change(manager, identity);
    if (isEmptyFieldSet(fields)) continue;
    changed.set(identity, fields === manager.fields ? manager : { ...manager, fields });
  }
  return changed;
}

/** True when both say the same of who owns what since when. */
export function equalManagers(left: Managers, right: Managers): boolean {
  if (left.size !== right.size) return false;
  return [...left].every(([identity, manager]) => {
    const other = right.get(identity);
    return (
      other !== undefined &&
      other.apiVersion === manager.apiVersion &&
      other.time === manager.time &&
      equalFieldSets(manager.fields, other.fields)
    );
  });
}

/** The object with these entries; without the field when nobody manages it. */
export function withManagedFields(object: KubernetesObject, entries: readonly ManagedFieldsEntry[]): KubernetesObject {
  const { managedFields: _replaced, ...metadata } = object.metadata;
  return { ...object, metadata: entries.length === 0 ? metadata : { ...metadata, managedFields: entries } };
}
