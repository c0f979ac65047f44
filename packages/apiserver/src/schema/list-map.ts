/** Identity of list items: `x-kubernetes-list-type: map` names items by some of their fields. */
import { isObject, jsonEqual } from './json.ts';
import type { JsonObject } from './json.ts';
import type { Schema } from './schema.ts';

/** The fields that identify an item, with defaults of absent ones filled in. */
export function mapKeyOf(schema: Schema, item: unknown): JsonObject {
  const key: Record<string, unknown> = {};
  for (const name of schema['x-kubernetes-list-map-keys'] ?? []) {
    const value = isObject(item) ? item[name] : undefined;
    key[name] = value ?? schema.items?.properties?.[name]?.default ?? null;
  }
  return key;
}

/** The item of the old list that is the same one; undefined for lists whose items have no identity. */
export function correlatedItem(schema: Schema, item: unknown, oldList: unknown): unknown {
  if (!Array.isArray(oldList)) return undefined;
  if (schema['x-kubernetes-list-type'] !== 'map') return undefined;
  const key = mapKeyOf(schema, item);
  return oldList.find((candidate) => jsonEqual(mapKeyOf(schema, candidate), key));
}
