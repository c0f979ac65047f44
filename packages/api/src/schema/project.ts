import type { TSchema } from 'typebox';
import { isJsonObject, toJson, type Json, type JsonObject } from './json.ts';

/**
 * The structural schema (KEP-2335) of a field for a CustomResourceDefinition: what the builders wrote, without the
 * keywords that are for documentation alone.
 */
export function structuralSchema(schema: TSchema): JsonObject {
  return withoutKeywords(toJson(schema), (keyword) => keyword === 'whenAbsent');
}

/** JSON Schema (2020-12) of a field for editors and forms: unknown fields are errors, Kubernetes' extensions are gone. */
export function editorSchema(schema: TSchema): JsonObject {
  return closed(withoutKeywords(toJson(schema), (keyword) => keyword === 'whenAbsent'));
}

/** Removes keywords of schemas, never properties of the described objects that happen to be called the same. */
function withoutKeywords(schema: JsonObject, isUnwanted: (keyword: string) => boolean): JsonObject {
  const kept = Object.entries(schema).filter(([keyword]) => !isUnwanted(keyword));
  return Object.fromEntries(
    kept.map(([keyword, value]) => [
      keyword,
      mapSubschemas(keyword, value, (child) => withoutKeywords(child, isUnwanted)),
    ]),
  );
}

function closed(schema: JsonObject): JsonObject {
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const portable = Object.entries(schema).filter(([keyword]) => !keyword.startsWith('x-kubernetes-'));
  const projected = Object.fromEntries(
    portable.map(([keyword, value]) => [keyword, mapSubschemas(keyword, value, closed)]),
  );
  return isJsonObject(schema['properties']) && !open ? { ...projected, additionalProperties: false } : projected;
}

/** Applies `project` to the schemas below one keyword: `properties` holds many, `items` and `additionalProperties` one. */
function mapSubschemas(keyword: string, value: Json, project: (schema: JsonObject) => JsonObject): Json {
  if (!isJsonObject(value)) return value;
  if (keyword === 'items' || keyword === 'additionalProperties') return project(value);
  if (keyword !== 'properties') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, isJsonObject(child) ? project(child) : child]),
  );
}
