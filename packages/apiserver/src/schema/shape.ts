/**
 * The first walk of admission: unknown fields are dropped and reported, nulls of fields that cannot be null count as absent,
 * defaults are filled in, quantities of built-in kinds take their canonical form. The input is never changed.
 */
import { builtinSchema } from './builtin-schemas.ts';
import { childPath } from './field-error.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { canonicalQuantity } from './quantity.ts';
import type { Schema } from './schema.ts';

/** Returns the shaped value and adds the dotted paths of dropped fields to `unknownFields`. */
export function shape(schema: Schema, value: unknown, path: string, unknownFields: string[]): unknown {
  // A value of the wrong type stays as it is, so that the error can show it.
  if (Array.isArray(value)) {
    const { items } = schema;
    return items && (schema.type ?? 'array') === 'array' ? shapeItems(items, value, path, unknownFields) : value;
  }
  if (isObject(value))
    return (schema.type ?? 'object') === 'object' ? shapeObject(schema, value, path, unknownFields) : value;
  return schema.format === 'quantity' ? shapeQuantity(value) : value;
}

function shapeItems(items: Schema, values: readonly unknown[], path: string, unknownFields: string[]): unknown[] {
  return values.map((item, index) =>
    item === null && !items.nullable && items.default !== undefined
      ? structuredClone(items.default)
      : shape(items, item, `${path}[${index}]`, unknownFields),
  );
}

function shapeObject(schema: Schema, value: JsonObject, path: string, unknownFields: string[]): JsonObject {
  const shaped: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const childSchema = schemaOf(schema, key);
    if (childSchema === undefined) {
      if (keepsUnknown(schema)) setOwn(shaped, key, child);
      else unknownFields.push(childPath(path, key));
    } else if (child !== null || childSchema.nullable || isOpen(childSchema)) {
      setOwn(shaped, key, shape(childSchema, child, childPath(path, key), unknownFields));
    }
  }
  addDefaults(schema, shaped, path);
  return shaped;
}

function addDefaults(schema: Schema, shaped: Record<string, unknown>, path: string): void {
  if (!schema.properties) return;
  for (const key of defaultedKeys(schema)) {
    if (Object.hasOwn(shaped, key)) continue;
    const child = schema.properties[key] as Schema;
    // A default may have defaults of its own inside; what it leaves unknown was refused with the CustomResourceDefinition.
    setOwn(shaped, key, shape(child, structuredClone(child.default), childPath(path, key), []));
  }
}

const defaultedKeysBySchema = new WeakMap<object, readonly string[]>();

function defaultedKeys(schema: Schema): readonly string[] {
  const properties = schema.properties as Readonly<Record<string, Schema>>;
  let keys = defaultedKeysBySchema.get(properties);
  if (!keys) {
    keys = Object.keys(properties).filter((key) => properties[key]?.default !== undefined);
    defaultedKeysBySchema.set(properties, keys);
  }
  return keys;
}

/** `__proto__` is a legal label key; plain assignment would lose it. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
  else target[key] = value;
}

/** The schema of one member, or undefined when the schema does not know it. */
export function schemaOf(schema: Schema, key: string): Schema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  if (schema['x-kubernetes-embedded-resource']) {
    if (key === 'metadata') return builtinSchema('meta.v1.ObjectMeta');
    if (key === 'apiVersion' || key === 'kind') return { type: 'string' };
  }
  const { additionalProperties } = schema;
  if (additionalProperties === true) return { 'x-kubernetes-preserve-unknown-fields': true };
  return additionalProperties === false ? undefined : additionalProperties;
}

function keepsUnknown(schema: Schema): boolean {
  return schema['x-kubernetes-preserve-unknown-fields'] === true;
}

/** Any value at all may stand here, null too. */
function isOpen(schema: Schema): boolean {
  return keepsUnknown(schema) && schema.type === undefined;
}

function shapeQuantity(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(String(value).trim()) : value;
}
