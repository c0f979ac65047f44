/** A JSON object as it comes off the wire: nothing is known of its fields yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for a JSON object; arrays and null are none. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's own field, never one inherited from `Object.prototype`: a label may well be called `constructor`. */
export function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** True for what a granular list or map treats as holding nothing: absent, null, `{}` and `[]`. */
export function isEmptyValue(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isJsonObject(value) && Object.keys(value).length === 0;
}

/** Deep equality of JSON values; the order of object fields does not matter, a field that is `undefined` is absent. */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) && left.length === right.length && left.every((item, index) => jsonEqual(item, right[index]))
    );
  }
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  return hasFieldsOf(left, right) && hasFieldsOf(right, left);
}

function hasFieldsOf(whole: JsonObject, part: JsonObject): boolean {
  return Object.keys(part).every((name) => jsonEqual(ownField(whole, name), part[name]));
}
