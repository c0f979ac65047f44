import { isObject, type JsonObject } from '../schema/json.ts';

/** The object's own field, never one inherited from `Object.prototype`: a label may well be called `constructor`. */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** True for what a granular list or map treats as holding nothing: absent, null, `{}` and `[]`. */
export function isEmptyValue(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
