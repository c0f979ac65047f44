import { isJsonObject, type Json, type JsonObject } from './json.ts';

/**
 * What keeps a schema from being one that a CustomResourceDefinition may have (KEP-2335), and what our own rules of the
 * house forbid: fields without description, lists that server-side apply could not merge, and unbounded strings, lists
 * and maps, which the cost estimate of CEL rules takes for very long ones. Each problem begins with the path of its field.
 */
export function structuralProblems(schema: JsonObject, path = ''): readonly string[] {
  const at = path === '' ? 'the object' : path;
  return [
    ...[...shapeProblems(schema), ...listProblems(schema), ...boundProblems(schema)].map(
      (problem) => `${at}: ${problem}`,
    ),
    ...children(schema, path).flatMap(([childPath, child, isItem]) => [
      ...descriptionProblems(child, childPath, isItem),
      ...structuralProblems(child, childPath),
    ]),
  ];
}

function descriptionProblems(schema: JsonObject, path: string, isItem: boolean): readonly string[] {
  if (path === 'metadata') {
    return Object.keys(schema).join() === 'type'
      ? []
      : ['metadata: says more than its type, which the API server refuses'];
  }
  return isItem || typeof schema['description'] === 'string' ? [] : [`${path}: has no description`];
}

const types: ReadonlySet<Json> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

/** Keywords of JSON Schema that a structural schema cannot have, or that hide the type of a field. */
const forbidden = [
  '$ref',
  '$schema',
  '$id',
  'const',
  'definitions',
  'patternProperties',
  'additionalItems',
  'dependencies',
  'oneOf',
  'not',
  'allOf',
  'uniqueItems',
  'whenAbsent',
];

const intOrString = JSON.stringify([{ type: 'integer' }, { type: 'string' }]);

function shapeProblems(schema: JsonObject): readonly string[] {
  const problems = forbidden.filter((keyword) => keyword in schema).map((keyword) => `uses ${keyword}`);
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  if (isIntOrString) {
    if ('type' in schema) problems.push('an int-or-string has no type');
    if (JSON.stringify(schema['anyOf']) !== intOrString) problems.push('an int-or-string is anyOf integer, string');
  } else {
    if (!types.has(schema['type'] ?? '')) problems.push('has no type');
    if ('anyOf' in schema) problems.push('uses anyOf');
  }
  if ('properties' in schema && 'additionalProperties' in schema)
    problems.push('has both properties and additionalProperties');
  if (schema['type'] === 'array' && !isJsonObject(schema['items'])) problems.push('is a list without items');
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  problems.push(
    ...required.filter((name) => !(name in properties)).map((name) => `requires ${name}, which it does not describe`),
  );
  return problems;
}

function listProblems(schema: JsonObject): readonly string[] {
  if (schema['type'] !== 'array') return [];
  const listType = schema['x-kubernetes-list-type'];
  const items = isJsonObject(schema['items']) ? schema['items'] : {};
  if (listType === undefined) return ['has no x-kubernetes-list-type'];
  if (listType === 'set' && items['type'] === 'object') return ['is a set of objects'];
  if (listType !== 'map') return [];
  const keys = Array.isArray(schema['x-kubernetes-list-map-keys']) ? schema['x-kubernetes-list-map-keys'] : [];
  const required = Array.isArray(items['required']) ? items['required'] : [];
  const optionalKeys = keys.filter((key) => !required.includes(key));
  return [
    ...(keys.length === 0 ? ['is a map list without keys'] : []),
    ...optionalKeys.map((key) => `has the key ${key}, which items may leave out`),
  ];
}

function boundProblems(schema: JsonObject): readonly string[] {
  if (schema['type'] === 'string' && schema['enum'] === undefined && schema['maxLength'] === undefined)
    return ['is a string without maxLength'];
  if (schema['type'] === 'array' && schema['maxItems'] === undefined) return ['is a list without maxItems'];
  if ('additionalProperties' in schema && schema['maxProperties'] === undefined)
    return ['is a map without maxProperties'];
  return [];
}

type Child = readonly [path: string, schema: JsonObject, isItem: boolean];

function children(schema: JsonObject, path: string): readonly Child[] {
  const properties = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  const fields = properties.flatMap(([name, child]): Child[] =>
    isJsonObject(child) ? [[path === '' ? name : `${path}.${name}`, child, false]] : [],
  );
  const below: Child[] = [];
  if (isJsonObject(schema['items'])) below.push([`${path}[]`, schema['items'], true]);
  if (isJsonObject(schema['additionalProperties'])) below.push([`${path}.*`, schema['additionalProperties'], true]);
  return [...fields, ...below];
}
