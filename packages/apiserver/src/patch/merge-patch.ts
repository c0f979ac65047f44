import { ApiError } from '../api-error.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';

/**
 * JSON merge patch (RFC 7386): objects are merged, null removes a field, everything else replaces.
 * @throws ApiError 400 when the patch is not an object, for it would replace the whole resource.
 */
export function applyMergePatch(object: JsonObject, patch: unknown): JsonObject {
  if (!isObject(patch)) {
    throw new ApiError(
      400,
      'BadRequest',
      'a JSON merge patch of a resource must be a JSON object of the fields to change',
    );
  }
  return mergeObjects(object, patch);
}

function mergeObjects(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergeValue(ownField(target, name), value));
  }
  return Object.fromEntries(merged);
}

function mergeValue(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  return mergeObjects(isObject(target) ? target : {}, patch);
}
