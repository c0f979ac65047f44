import type { Schema } from '../schema/schema.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { fieldSchema, itemSchema } from './structure.ts';

/**
 * Leaves out the nulls that mean nothing: generators write `creationTimestamp: null` for a field that is not set. A null
 * that the schema allows, or that it knows nothing of, is a value.
 */
export function dropNulls(schema: Schema, object: JsonObject): JsonObject {
  return dropFrom(schema, object) as JsonObject;
}

function dropFrom(schema: Schema | undefined, value: unknown): unknown {
  if (schema === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => dropFrom(itemSchema(schema), item));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      const below = fieldSchema(schema, name);
      const isAbsent = field === undefined || (field === null && below !== undefined && below.nullable !== true);
      return isAbsent ? [] : [[name, dropFrom(below, field)]];
    }),
  );
}
