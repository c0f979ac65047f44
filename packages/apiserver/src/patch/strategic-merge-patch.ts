/**
 * Strategic merge patch: a merge patch that knows from the schema which lists are merged, and by which key
 * (https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/, and the design
 * proposals "strategic merge patch" and "preserve order in strategic merge patch"). Built-in kinds only.
 */
import type { Schema } from '../schema/schema.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';
import {
  directiveOf,
  fieldOfDirective,
  isDirective,
  patchError,
  retainKeys,
  valueOfPatch,
  withoutDirectives,
} from './patch-directives.ts';
import { deleteFromPrimitiveList, mergeKeyedLists, mergePrimitiveLists } from './strategic-merge-list.ts';
import { checkElementOrder, inElementOrder } from './element-order.ts';
import { fieldSchema, itemSchema } from './structure.ts';

/**
 * Applies a strategic merge patch. Neither argument is changed.
 * @throws ApiError 400 when the patch is not an object, an item of a merged list has no merge key, or a directive is not
 * of the form that the documentation gives.
 */
export function applyStrategicMergePatch(schema: Schema, object: JsonObject, patch: unknown): JsonObject {
  if (!isObject(patch)) throw patchError('', 'a strategic merge patch must be a JSON object of the fields to change');
  return mergeMaps(schema, object, patch, '');
}

function mergeMaps(schema: Schema | undefined, original: JsonObject, patch: JsonObject, path: string): JsonObject {
  const directive = directiveOf(patch, path);
  if (directive === 'delete') return {};
  return directive === 'replace' ? withoutDirectives(patch) : mergeFields(schema, original, patch, path);
}

function mergeFields(schema: Schema | undefined, original: JsonObject, patch: JsonObject, path: string): JsonObject {
  const merged = new Map(Object.entries(retainKeys(original, patch, path)));
  for (const [name, value] of Object.entries(patch)) {
    if (isDirective(name)) continue;
    if (value === null) {
      merged.delete(name);
      continue;
    }
    const result = mergeField(
      fieldSchema(schema, name),
      { original: merged.get(name), patch: value },
      `${path}.${name}`,
    );
    if (result === undefined) merged.delete(name);
    else merged.set(name, result);
  }
  deletePrimitives(merged, patch, path);
  orderElements(schema, merged, { original, patch }, path);
  return Object.fromEntries(merged);
}

interface Field {
  readonly original: unknown;
  readonly patch: unknown;
}

function mergeField(schema: Schema | undefined, { original, patch }: Field, path: string): unknown {
  const strategies = strategiesOf(schema);
  if (Array.isArray(original) && Array.isArray(patch)) {
    return strategies.includes('merge') ? mergeLists(schema, original, patch, path) : withoutDirectives(patch);
  }
  if (isObject(original) && isObject(patch)) {
    return strategies.includes('replace') ? withoutDirectives(patch) : mergeMaps(schema, original, patch, path);
  }
  return valueOfPatch(patch, path);
}

function strategiesOf(schema: Schema | undefined): readonly string[] {
  return schema?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
}

function mergeLists(
  schema: Schema | undefined,
  original: readonly unknown[],
  patch: readonly unknown[],
  path: string,
): readonly unknown[] {
  const mergeKey = schema?.['x-kubernetes-patch-merge-key'];
  const hasObjects = [...original, ...patch].some((item) => typeof item === 'object' && item !== null);
  if (!hasObjects) return mergePrimitiveLists(original, patch);
  if (mergeKey === undefined) throw patchError(path, 'cannot merge lists of objects without a merge key in the schema');
  return mergeKeyedLists(original, patch, {
    mergeKey,
    path,
    mergeItems: (live, item, itemPath) => mergeMaps(itemSchema(schema), live, item, itemPath),
  });
}

/** `$deleteFromPrimitiveList/<field>: [values]` */
function deletePrimitives(merged: Map<string, unknown>, patch: JsonObject, path: string): void {
  for (const [directive, values] of Object.entries(patch)) {
    const name = fieldOfDirective(directive, '$deleteFromPrimitiveList');
    if (name === undefined) continue;
    if (!Array.isArray(values)) throw patchError(`${path}.${directive}`, 'invalid patch format of primitive list');
    const current = merged.get(name);
    if (Array.isArray(current)) merged.set(name, deleteFromPrimitiveList(current, values));
  }
}

/** `$setElementOrder/<field>: [values, or objects of the merge key]` */
function orderElements(
  schema: Schema | undefined,
  merged: Map<string, unknown>,
  { original, patch }: { readonly original: JsonObject; readonly patch: JsonObject },
  path: string,
): void {
  for (const [directive, order] of Object.entries(patch)) {
    const name = fieldOfDirective(directive, '$setElementOrder');
    if (name === undefined) continue;
    if (!Array.isArray(order)) throw patchError(`${path}.${directive}`, 'invalid patch format of setElementOrder list');
    const mergeKey = fieldSchema(schema, name)?.['x-kubernetes-patch-merge-key'];
    const patched = ownField(patch, name);
    const current = merged.get(name);
    const list = { mergeKey, path: `${path}.${directive}` };
    if (Array.isArray(patched)) checkElementOrder(patched, order, list);
    const live = ownField(original, name);
    if (Array.isArray(current)) merged.set(name, inElementOrder(current, order, Array.isArray(live) ? live : [], list));
  }
}
