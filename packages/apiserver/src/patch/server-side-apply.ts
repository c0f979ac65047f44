/**
 * Server-side apply (KEP-555, https://kubernetes.io/docs/reference/using-api/server-side-apply/): a client sends the
 * fields that it has an opinion about, the server merges them into the object, remembers who owns what, and refuses to
 * overwrite what others own.
 */
import { ApiError } from '../api-error.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import type { Schema } from '../schema/schema.ts';
import { apiVersionOf } from './api-version.ts';
import { appliedFields } from './applied-fields.ts';
import { checkApplied } from './check-applied.ts';
import { compareObjects } from './compare-objects.ts';
import { conflictError, type Conflict } from './conflict-error.ts';
import { dropNulls } from './drop-nulls.ts';
import {
  emptyFieldSet,
  equalFieldSets,
  intersectFieldSets,
  isEmptyFieldSet,
  subtractFieldSets,
  unionFieldSets,
  type FieldSet,
} from './field-set.ts';
import { isObject, jsonEqual, type JsonObject } from '../schema/json.ts';
import { takeableFields, withLastApplied } from './last-applied.ts';
import {
  equalManagers,
  managerIdentity,
  mapManagedFields,
  metav1Time,
  readManagers,
  withManagedFields,
  withManager,
  writeManagers,
  type Manager,
  type Managers,
} from './managed-fields.ts';
import { mergeApplied } from './merge-applied.ts';
import { objectSchema } from './object-schema.ts';
import { pruneFields } from './prune-fields.ts';
import { comparable } from './comparable.ts';
import { resetFields, trackedFields, withoutResetFields, withoutTopLevel } from './tracked-fields.ts';

/** One apply request. */
export interface ServerSideApply {
  readonly resource: Resource;
  /** The stored object; undefined when the apply creates it. */
  readonly live: KubernetesObject | undefined;
  /** The fields that the manager has an opinion about. */
  readonly applied: JsonObject;
  /** `fieldManager` of the request. */
  readonly manager: string;
  /** Takes fields that others own instead of refusing. */
  readonly force: boolean;
  /** Such as `status`; undefined for the object itself. */
  readonly subresource?: string | undefined;
  readonly now: Date;
}

/**
 * Applies a configuration.
 * @returns the object to store. An apply that changes nothing returns `live` itself, so that nothing need be written.
 * @throws ApiError 400 for a configuration of another kind, with managedFields, or with fields that the schema does not
 * have; 422 without a manager; 409 with a cause for each field that another manager owns with another value.
 */
export function serverSideApply(request: ServerSideApply): { readonly object: KubernetesObject } {
  const { resource, live, manager, subresource } = request;
  checkRequest(request);
  const schema = objectSchema(resource);
  const reset = resetFields(resource, subresource);
  checkApplied(resource, schema, request.applied);
  const applied = dropNulls(schema, withoutResetFields(request.applied, reset));
  const base = live === undefined ? emptyObject(resource) : comparable(live);
  const managers = live === undefined ? new Map<string, Manager>() : trackedManagers(live, schema, request);
  const fields = withoutTopLevel(appliedFields(schema, applied), reset);
  const self = { name: manager, operation: 'Apply' as const, apiVersion: apiVersionOf(resource), subresource };
  const last = managers.get(managerIdentity(self));
  const owned = ownedByAnyone(managers, managerIdentity(self), fields);
  const object = mergeAndPrune(schema, { base, applied, last: last?.fields ?? emptyFieldSet, owned });
  const others = othersAfterwards(managers, { schema, base, object, reset, self: managerIdentity(self), request });
  const tracked = trackedFields(fields);
  const isSame = live !== undefined && jsonEqual(base, object);
  const keepsTime = isSame && last?.apiVersion === self.apiVersion && equalFieldSets(last.fields, tracked);
  const time = keepsTime ? last.time : metav1Time(request.now);
  const after = withManager(others, { ...self, time, fields: tracked });
  const annotated = withLastApplied(object, request.applied, manager);
  if (isSame && annotated === object && equalManagers(managers, after)) return { object: live };
  return { object: withManagedFields(annotated, writeManagers(after)) };
}

function checkRequest({ resource, applied, manager }: ServerSideApply): void {
  if (manager === '') {
    const cause = {
      type: 'FieldValueRequired',
      field: 'fieldManager',
      message: 'Required value: is required for apply patch',
    } as const;
    const message = `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${cause.message}`;
    throw new ApiError(422, 'Invalid', message, { causes: [cause] });
  }
  if (applied['apiVersion'] !== apiVersionOf(resource) || applied['kind'] !== resource.kind) {
    const got = `${String(applied['apiVersion'])}, Kind=${String(applied['kind'])}`;
    const message = `invalid object type: ${got}; this resource takes ${apiVersionOf(resource)}, Kind=${resource.kind}`;
    throw new ApiError(400, 'BadRequest', message);
  }
  const metadata = applied['metadata'];
  if (isObject(metadata) && metadata['managedFields'] !== undefined && metadata['managedFields'] !== null) {
    throw new ApiError(400, 'BadRequest', 'metadata.managedFields must be nil');
  }
}

function emptyObject(resource: Resource): KubernetesObject {
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata: {} };
}

/** The managers of the object. When it was never tracked, all that it holds belongs to `before-first-apply`. */
function trackedManagers(live: KubernetesObject, schema: Schema, { resource, now }: ServerSideApply): Managers {
  const managers = readManagers(live.metadata.managedFields, schema);
  if (managers.size > 0) return managers;
  const { changed } = compareObjects(schema, emptyObject(resource), comparable(live));
  const fields = trackedFields(withoutTopLevel(changed, resetFields(resource, undefined)));
  const identity = { name: 'before-first-apply', operation: 'Update' as const, apiVersion: apiVersionOf(resource) };
  return withManager(managers, { ...identity, subresource: undefined, time: metav1Time(now), fields });
}

function ownedByAnyone(managers: Managers, self: string, fields: FieldSet): FieldSet {
  let owned = fields;
  for (const [identity, manager] of managers) {
    if (identity !== self) owned = unionFieldSets(owned, manager.fields);
  }
  return owned;
}

interface Merge {
  readonly base: JsonObject;
  readonly applied: JsonObject;
  readonly last: FieldSet;
  readonly owned: FieldSet;
}

function mergeAndPrune(schema: Schema, { base, applied, last, owned }: Merge): KubernetesObject {
  const merged = mergeApplied(schema, base, applied);
  const pruned = pruneFields(schema, merged, last, owned);
  // A container that pruning emptied is what the configuration says of it: `{}`, `[]` or null.
  return (pruned === merged ? merged : mergeApplied(schema, pruned, applied)) as KubernetesObject;
}

interface Outcome {
  readonly schema: Schema;
  readonly base: JsonObject;
  readonly object: JsonObject;
  readonly reset: readonly string[];
  readonly self: string;
  readonly request: ServerSideApply;
}

/** The other managers without the fields that this apply took from them, or removed. */
function othersAfterwards(managers: Managers, { schema, base, object, reset, self, request }: Outcome): Managers {
  const comparison = compareObjects(schema, base, object);
  const changed = withoutTopLevel(comparison.changed, reset);
  const lost = unionFieldSets(changed, withoutTopLevel(comparison.removed, reset));
  if (!request.force) {
    const takeable = takeableFields(schema, base, request.manager);
    const conflicts = conflictsOf(managers, self, subtractFieldSets(changed, takeable));
    if (conflicts.length > 0) throw conflictError(conflicts);
  }
  if (isEmptyFieldSet(lost)) return managers;
  return mapManagedFields(managers, ({ fields }, identity) =>
    identity === self ? fields : subtractFieldSets(fields, lost),
  );
}

function conflictsOf(managers: Managers, self: string, changed: FieldSet): readonly Conflict[] {
  return [...managers]
    .filter(([identity]) => identity !== self)
    .map(([, manager]) => ({ manager, fields: intersectFieldSets(manager.fields, changed) }))
    .filter(({ fields }) => !isEmptyFieldSet(fields));
}
