import { ApiError } from '../api-error.ts';
import type { Resource } from '../resource/resource.ts';
import type { Schema } from '../schema/schema.ts';
import { apiVersionOf } from './api-version.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';
import { fieldElement, printPath, type FieldPath, type PathElement } from './path-element.ts';
import { fieldSchema, isDeclaredField, itemElement, itemSchema, structureOf } from './structure.ts';

/**
 * Refuses a configuration whose fields cannot be told apart: fields that the schema does not have, items without their
 * keys, items that occur twice, lists and maps in each other's place. Values are not looked at, the schema's
 * validation does that with the merged object.
 * @throws ApiError 400
 */
export function checkApplied(resource: Resource, schema: Schema, applied: JsonObject): void {
  const problems = problemsOf(schema, applied, []);
  if (problems.length === 0) return;
  const found =
    problems.length === 1 ? problems.join('') : `errors:\n${problems.map((line) => `  ${line}`).join('\n')}`;
  throw new ApiError(400, 'BadRequest', `failed to create typed patch object (${nameOf(resource, applied)}): ${found}`);
}

function nameOf(resource: Resource, applied: JsonObject): string {
  const metadata = isObject(applied['metadata']) ? applied['metadata'] : {};
  const name = [metadata['namespace'], metadata['name']].filter((part) => typeof part === 'string').join('/');
  return `${name}; ${apiVersionOf(resource)}, Kind=${resource.kind}`;
}

function problemsOf(schema: Schema | undefined, value: unknown, path: FieldPath): readonly string[] {
  if (schema === undefined || value === null || value === undefined) return [];
  if (schema.type === 'array' && !Array.isArray(value)) return [problem(path, `expected list, got ${formOf(value)}`)];
  if (schema.type === 'object' && !isObject(value)) return [problem(path, `expected map, got ${formOf(value)}`)];
  if (Array.isArray(value)) return listProblems(schema, value, path);
  return isObject(value) ? mapProblems(schema, value, path) : [];
}

function mapProblems(schema: Schema, map: JsonObject, path: FieldPath): readonly string[] {
  const isClosed = isClosedMap(schema);
  return Object.keys(map).flatMap((name) => {
    const below = [...path, fieldElement(name)];
    if (isClosed && !isDeclaredField(schema, name)) return [problem(below, 'field not declared in schema')];
    return problemsOf(fieldSchema(schema, name), ownField(map, name), below);
  });
}

/** True when the map can hold no other fields than those that the schema names. */
function isClosedMap(schema: Schema): boolean {
  if (schema.properties === undefined || schema['x-kubernetes-preserve-unknown-fields'] === true) return false;
  if (schema['x-kubernetes-embedded-resource'] === true) return false;
  return schema.additionalProperties === undefined || schema.additionalProperties === false;
}

function listProblems(schema: Schema, items: readonly unknown[], path: FieldPath): readonly string[] {
  if (structureOf(schema, items) === 'leaf') {
    return items.flatMap((item, index) => problemsOf(itemSchema(schema), item, [...path, `i:${index}`]));
  }
  const seen = new Set<PathElement>();
  return items.flatMap((item, index) => {
    const element = itemElement(schema, item);
    if (typeof element !== 'string') return [problem(path, `element ${index}: ${element.problem}`)];
    if (seen.has(element)) return [problem(path, `duplicate entries for key ${printPath([element])}`)];
    seen.add(element);
    return problemsOf(itemSchema(schema), item, [...path, element]);
  });
}

function problem(path: FieldPath, text: string): string {
  return path.length === 0 ? text : `${printPath(path)}: ${text}`;
}

function formOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : typeof value;
}
