import type { KubernetesObject, ManagedFieldsEntry, Resource } from '../resource/resource.ts';
import type { Schema } from '../schema/schema.ts';
import { apiVersionOf } from './api-version.ts';
import { capUpdateManagers } from './cap-update-managers.ts';
import { comparable } from './comparable.ts';
import { compareObjects, type Comparison } from './compare-objects.ts';
import { emptyFieldSet, isEmptyFieldSet, subtractFieldSets, unionFieldSets } from './field-set.ts';
import {
  equalManagers,
  managerIdentity,
  mapManagedFields,
  metav1Time,
  readManagers,
  withManagedFields,
  withManager,
  writeManagers,
  type Managers,
} from './managed-fields.ts';
import { objectSchema } from './object-schema.ts';
import { resetFields, trackedFields, withoutTopLevel } from './tracked-fields.ts';

/** A create, an update or a patch that is not an apply, ready to be stored but for its managedFields. */
export interface TrackedUpdate {
  readonly resource: Resource;
  /** The stored object; undefined when this creates it. */
  readonly before: KubernetesObject | undefined;
  /** What will be stored. Its managedFields are taken as given, so that clients can migrate them; `[]` gives up tracking. */
  readonly after: KubernetesObject;
  readonly manager: string;
  /** Such as `status`; undefined for the object itself. */
  readonly subresource?: string | undefined;
  readonly now: Date;
}

/**
 * Records in managedFields what an update changed: the manager owns the fields that are new or have another value, the
 * others lose them, and fields that are gone belong to nobody. An update that changes nothing leaves the entries as
 * they are, times included.
 * @throws ApiError 400 when managedFields of the stored object cannot be read.
 */
export function trackUpdate(update: TrackedUpdate): KubernetesObject {
  const { resource, before, after } = update;
  const schema = objectSchema(resource);
  const { entries, managers } = startingManagers(update, schema);
  // Kubernetes does not begin to track an object that exists and is not tracked; an apply does.
  if (managers.size === 0 && before !== undefined) return withManagedFields(after, []);
  const comparison = compareObjects(schema, comparable(before), comparable(after));
  const updated = updatedManagers(managers, update, comparison);
  return withManagedFields(after, equalManagers(managers, updated) ? entries : writeManagers(updated));
}

interface StartingManagers {
  readonly entries: readonly ManagedFieldsEntry[];
  readonly managers: Managers;
}

/** A client that does not know managedFields and drops them must not erase them; nor may one behind a subresource. */
function startingManagers({ before, after, subresource }: TrackedUpdate, schema: Schema): StartingManagers {
  const given = subresource === undefined ? after.metadata.managedFields : undefined;
  if (isReset(given)) return { entries: [], managers: new Map() };
  const entries = given ?? before?.metadata.managedFields ?? [];
  return { entries, managers: readManagers(entries, schema) };
}

/** An empty list, or one empty entry, asks the server to forget who manages what. */
function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (entries?.length !== 1) return entries?.length === 0;
  return Object.keys(entries[0] ?? {}).length === 0;
}

function updatedManagers(managers: Managers, update: TrackedUpdate, comparison: Comparison): Managers {
  const { resource, manager, subresource, now } = update;
  const reset = resetFields(resource, subresource);
  const changed = withoutTopLevel(comparison.changed, reset);
  const lost = unionFieldSets(changed, withoutTopLevel(comparison.removed, reset));
  if (isEmptyFieldSet(lost)) return managers;
  const remaining = mapManagedFields(managers, ({ fields }) => subtractFieldSets(fields, lost));
  const taken = trackedFields(changed);
  if (isEmptyFieldSet(taken)) return remaining;
  const entry = {
    name: manager === '' ? 'unknown' : manager,
    operation: 'Update' as const,
    apiVersion: apiVersionOf(resource),
    subresource,
    time: metav1Time(now),
  };
  const kept = remaining.get(managerIdentity(entry))?.fields ?? emptyFieldSet;
  return capUpdateManagers(withManager(remaining, { ...entry, fields: unionFieldSets(kept, taken) }));
}
