/**
 * The second walk of admission: does a shaped value satisfy its schema? Values that an update leaves unchanged are not judged
 * again (KEP-4008, ratcheting), so that a stricter CustomResourceDefinition does not block unrelated changes.
 */
import type { FieldError } from '../api-error.ts';
import { childPath, duplicate, invalid, notSupported, required, tooLong, tooMany, typeInvalid } from './field-error.ts';
import { hasFormat } from './format.ts';
import { isObject, jsonEqual } from './json.ts';
import type { JsonObject } from './json.ts';
import { correlatedItem, mapKeyOf } from './list-map.ts';
import type { Schema } from './schema.ts';
import { schemaOf } from './shape.ts';

export interface ValidationContext {
  /** Collects what is wrong. */
  readonly errors: FieldError[];
  /** Built-in kinds: lists with keys may repeat them, as Go types allow, and status fields may be left out. */
  readonly isBuiltin: boolean;
}

export function validate(schema: Schema, value: unknown, old: unknown, path: string, context: ValidationContext): void {
  if (old !== undefined && jsonEqual(value, old)) return;
  if (value === null) {
    if (!schema.nullable && !acceptsAnything(schema)) wrongType(schema, value, path, context);
    return;
  }
  if (!hasType(schema, value)) {
    wrongType(schema, value, path, context);
    return;
  }
  validateEnum(schema, value, path, context);
  if (typeof value === 'string') validateString(schema, value, path, context);
  else if (typeof value === 'number') validateNumber(schema, value, path, context);
  else if (Array.isArray(value)) validateList(schema, value, old, path, context);
  else if (isObject(value)) validateObject(schema, value, old, path, context);
  validateCombinations(schema, value, path, context);
}

function acceptsAnything(schema: Schema): boolean {
  return schema.type === undefined && !schema['x-kubernetes-int-or-string'];
}

function hasType(schema: Schema, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string']) {
    return (
      typeof value === 'string' ||
      Number.isSafeInteger(value) ||
      (schema.format === 'quantity' && typeof value === 'number')
    );
  }
  switch (schema.type) {
    case undefined:
      return true;
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
    case 'number':
    case 'string':
      return typeof value === schema.type;
    default:
      return schema.type satisfies never;
  }
}

function wrongType(schema: Schema, value: unknown, path: string, context: ValidationContext): void {
  const expected = schema['x-kubernetes-int-or-string'] ? 'integer or string' : schema.type;
  const actual = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  context.errors.push(typeInvalid(path, value, `${path || '<root>'} in body must be of type ${expected}: "${actual}"`));
}

function validateEnum(schema: Schema, value: unknown, path: string, context: ValidationContext): void {
  if (schema.enum && !schema.enum.some((option) => jsonEqual(option, value))) {
    context.errors.push(notSupported(path, value, schema.enum));
  }
}

function validateString(schema: Schema, value: string, path: string, context: ValidationContext): void {
  const { errors } = context;
  const length = schema.maxLength === undefined && schema.minLength === undefined ? 0 : Array.from(value).length;
  if (schema.maxLength !== undefined && length > schema.maxLength)
    errors.push(tooLong(path, schema.maxLength, 'characters'));
  if (schema.minLength !== undefined && length < schema.minLength) {
    errors.push(invalid(path, value, `${path} in body should be at least ${schema.minLength} chars long`));
  }
  if (schema.pattern !== undefined && !patternOf(schema.pattern).test(value)) {
    errors.push(invalid(path, value, `${path} in body should match '${schema.pattern}'`));
  }
  if (schema.format !== undefined && value !== '' && !hasFormat(schema.format, value)) {
    errors.push(invalid(path, value, formatProblem(schema.format, path)));
  }
}

function formatProblem(format: string, path: string): string {
  if (format === 'quantity') {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  return `${path} in body must be of type ${format}`;
}

const patterns = new Map<string, RegExp>();

/** Go's RE2 syntax is close enough to JavaScript's for what CRDs contain; `\A`, `\z` and inline flags are translated. */
export function patternOf(source: string): RegExp {
  let pattern = patterns.get(source);
  if (!pattern) {
    const flags = /^\(\?([ims]+)\)/.exec(source);
    const body = source
      .slice(flags?.[0].length ?? 0)
      .replaceAll('\\A', '^')
      .replaceAll('\\z', '$');
    pattern = compilePattern(body, flags?.[1] ?? '');
    patterns.set(source, pattern);
  }
  return pattern;
}

function compilePattern(body: string, flags: string): RegExp {
  try {
    return new RegExp(body, `${flags}u`);
  } catch {
    // The `u` flag refuses escapes that RE2 allows, such as `\-`.
    return new RegExp(body, flags);
  }
}

const INT32 = 2 ** 31;

function validateNumber(schema: Schema, value: number, path: string, context: ValidationContext): void {
  const { errors } = context;
  const { minimum, maximum, multipleOf } = schema;
  if (schema.format === 'int32' && (value < -INT32 || value >= INT32)) {
    errors.push(typeInvalid(path, value, `${path} in body must be of type int32: "integer"`));
  }
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    const bound = schema.exclusiveMinimum ? 'greater than' : 'greater than or equal to';
    errors.push(invalid(path, value, `${path} in body should be ${bound} ${minimum}`));
  }
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    const bound = schema.exclusiveMaximum ? 'less than' : 'less than or equal to';
    errors.push(invalid(path, value, `${path} in body should be ${bound} ${maximum}`));
  }
  if (multipleOf !== undefined && !Number.isInteger(Number((value / multipleOf).toPrecision(12)))) {
    errors.push(invalid(path, value, `${path} in body should be a multiple of ${multipleOf}`));
  }
}

function validateList(
  schema: Schema,
  list: readonly unknown[],
  old: unknown,
  path: string,
  context: ValidationContext,
): void {
  const { errors } = context;
  if (schema.maxItems !== undefined && list.length > schema.maxItems)
    errors.push(tooMany(path, list.length, schema.maxItems));
  if (schema.minItems !== undefined && list.length < schema.minItems) {
    errors.push(invalid(path, list.length, `${path} in body should have at least ${schema.minItems} items`));
  }
  if (!context.isBuiltin) validateUniqueness(schema, list, path, context);
  const { items } = schema;
  if (!items) return;
  list.forEach((item, index) => validate(items, item, correlatedItem(schema, item, old), `${path}[${index}]`, context));
}

function validateUniqueness(schema: Schema, list: readonly unknown[], path: string, context: ValidationContext): void {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'map' && listType !== 'set' && !schema.uniqueItems) return;
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const key = listType === 'map' ? mapKeyOf(schema, item) : item;
    const text = JSON.stringify(key);
    if (seen.has(text)) context.errors.push(duplicate(`${path}[${index}]`, key));
    seen.add(text);
  });
}

function validateObject(
  schema: Schema,
  value: JsonObject,
  old: unknown,
  path: string,
  context: ValidationContext,
): void {
  validateRequired(schema, value, path, context);
  validateSize(schema, value, path, context);
  for (const [key, child] of Object.entries(value)) {
    const childSchema = schemaOf(schema, key);
    if (!childSchema) continue;
    validate(childSchema, child, isObject(old) ? old[key] : undefined, childPath(path, key), context);
  }
}

function validateRequired(schema: Schema, value: JsonObject, path: string, context: ValidationContext): void {
  if (context.isBuiltin && (path === 'status' || path.startsWith('status.'))) return;
  for (const key of schema.required ?? []) {
    if (value[key] === undefined) context.errors.push(required(childPath(path, key)));
  }
  if (!schema['x-kubernetes-embedded-resource']) return;
  for (const key of ['apiVersion', 'kind']) {
    if (!value[key]) context.errors.push(required(childPath(path, key), 'must not be empty'));
  }
}

function validateSize(schema: Schema, value: JsonObject, path: string, context: ValidationContext): void {
  if (schema.maxProperties === undefined && schema.minProperties === undefined) return;
  const size = Object.keys(value).length;
  if (schema.maxProperties !== undefined && size > schema.maxProperties) {
    context.errors.push(tooMany(path, size, schema.maxProperties));
  }
  if (schema.minProperties !== undefined && size < schema.minProperties) {
    context.errors.push(invalid(path, size, `${path} in body should have at least ${schema.minProperties} properties`));
  }
}

function validateCombinations(schema: Schema, value: unknown, path: string, context: ValidationContext): void {
  const { errors } = context;
  for (const part of schema.allOf ?? []) validate(part, value, undefined, path, context);
  if (schema.anyOf && !schema.anyOf.some((option) => satisfies(option, value, context))) {
    errors.push(invalid(path, value, `${path} in body must validate at least one schema (anyOf)`));
  }
  if (schema.oneOf && schema.oneOf.filter((option) => satisfies(option, value, context)).length !== 1) {
    errors.push(invalid(path, value, `${path} in body must validate one and only one schema (oneOf)`));
  }
  if (schema.not && satisfies(schema.not, value, context)) {
    errors.push(invalid(path, value, `${path} in body must not validate the schema (not)`));
  }
}

function satisfies(schema: Schema, value: unknown, context: ValidationContext): boolean {
  const errors: FieldError[] = [];
  validate(schema, value, undefined, '', { ...context, errors });
  return errors.length === 0;
}
