/**
 * Schemas of built-in kinds. The npm package `kubernetes-models` carries one JSON schema per Kubernetes type, generated from
 * Kubernetes' own OpenAPI document; they are read when first needed and completed with what that document leaves out:
 * list types and patch strategies, API defaults, and newer fields.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { BUILTIN_DEFAULTS } from './builtin-defaults.ts';
import { ATOMIC_STRUCTS, LIST_FACTS } from './builtin-facts.ts';
import { NEWER_ENUM_VALUES, NEWER_FIELDS, OPTIONAL_FIELDS } from './builtin-newer-fields.ts';
import type { Schema } from './schema.ts';

/** A schema as the package writes it: references, and `nullable` everywhere. */
interface RawSchema {
  readonly $ref?: string;
  readonly oneOf?: readonly RawSchema[];
  readonly properties?: Readonly<Record<string, RawSchema>>;
  readonly items?: RawSchema;
  readonly additionalProperties?: RawSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

const PREFIXES = {
  meta: 'io.k8s.apimachinery.pkg.apis.',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.',
} as const;
const API_PREFIX = 'io.k8s.api.';

const QUANTITY: Schema = { 'x-kubernetes-int-or-string': true, format: 'quantity' };
const ANY: Schema = { 'x-kubernetes-preserve-unknown-fields': true };

/** Types that are not structures. `OrBool` and the like accept several shapes; CRD validation looks into them. */
const SPECIAL: Readonly<Record<string, Schema>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': QUANTITY,
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { 'x-kubernetes-int-or-string': true },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': { type: 'object', ...ANY },
  'io.k8s.apimachinery.pkg.runtime.RawExtension': { type: 'object', ...ANY },
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON': ANY,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': ANY,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': ANY,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray': ANY,
};

const schemasById = new Map<string, Schema>();
const idsBySchema = new WeakMap<Schema, string>();

/**
 * The schema of a built-in type by its short name, such as `core.v1.Pod` or `meta.v1.LabelSelector`.
 * Throws when neither the schema package nor our table of newer types knows it.
 */
export function builtinSchema(shortName: string): Schema {
  return schemaById(fullId(shortName));
}

/** The identity of a schema in OpenAPI documents, such as `io.k8s.api.core.v1.Pod`; undefined for inline schemas. */
export function schemaId(schema: Schema): string | undefined {
  return idsBySchema.get(schema);
}

function fullId(shortName: string): string {
  const group = shortName.slice(0, shortName.indexOf('.'));
  return (PREFIXES[group as keyof typeof PREFIXES] ?? API_PREFIX) + shortName;
}

function shortName(id: string): string {
  const prefix = [API_PREFIX, ...Object.values(PREFIXES)].find((candidate) => id.startsWith(candidate));
  return prefix === undefined ? id : id.slice(prefix.length);
}

function schemaById(id: string): Schema {
  const known = schemasById.get(id);
  if (known) return known;
  const schema = SPECIAL[id] ?? structure(id);
  schemasById.set(id, schema);
  if (!SPECIAL[id]) idsBySchema.set(schema, id);
  return schema;
}

function structure(id: string): Schema {
  const name = shortName(id);
  const raw = readRawSchema(id);
  const newer = parseNewerFields(name);
  if (!raw && !newer) throw new Error(`No schema is known for the built-in type ${id}`);
  const properties = lazyProperties(name, { ...raw?.properties, ...newer?.properties });
  const optional = ['apiVersion', 'kind', ...(OPTIONAL_FIELDS[name] ?? [])];
  const required = [...(raw?.required ?? []), ...(newer?.required ?? [])].filter((field) => !optional.includes(field));
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    ...(Object.keys(properties).length === 0 && ANY),
    ...(ATOMIC_STRUCTS.has(name) && { 'x-kubernetes-map-type': 'atomic' as const }),
  };
}

/** Each property is converted when first read, so that a Pod does not load what only a CephFS volume needs, and cycles end. */
function lazyProperties(parent: string, raw: Readonly<Record<string, RawSchema>>): Record<string, Schema> {
  const facts = parseFacts(LIST_FACTS[parent]);
  const properties: Record<string, Schema> = {};
  for (const [field, rawField] of Object.entries(raw)) {
    lazy(properties, field, () => property(parent, field, rawField, facts[field]));
  }
  return properties;
}

function property(parent: string, field: string, raw: RawSchema, facts: Partial<Schema> | undefined): Schema {
  if (field === 'apiVersion' || field === 'kind') return { type: 'string' };
  if (parent === 'apiextensions.v1.JSONSchemaProps' && field === 'items') return builtinSchema(parent);
  const schema = convert(raw);
  const more = NEWER_ENUM_VALUES[`${parent}.${field}`];
  const defaults = BUILTIN_DEFAULTS[parent];
  const hasDefault = defaults !== undefined && field in defaults;
  if (!facts && !more && !hasDefault) return schema;
  const id = schemaId(schema);
  const extended: Schema = {
    ...schema,
    ...facts,
    ...(more && { enum: [...(schema.enum ?? []), ...more] }),
    ...(hasDefault && { default: defaults[field] }),
  };
  if (id) idsBySchema.set(extended, id);
  return extended;
}

function convert(raw: RawSchema): Schema {
  const reference = raw.$ref ?? raw.oneOf?.find((option) => option.$ref)?.$ref;
  if (reference) return schemaById(reference.replace(/#$/, ''));
  const { nullable: _artefact, items, additionalProperties, properties, ...keywords } = raw;
  const schema: Schema = { ...(keywords as Schema) };
  if (properties) Object.assign(schema, { properties: lazyProperties('', properties) });
  if (items) lazy(schema as { items?: Schema }, 'items', () => convert(items));
  if (additionalProperties) {
    lazy(schema as { additionalProperties?: Schema }, 'additionalProperties', () => convert(additionalProperties));
  }
  return raw['type'] === 'object' && !properties && !additionalProperties ? { ...schema, ...ANY } : schema;
}

function lazy<T extends object>(target: T, key: keyof T & string, make: () => Schema): void {
  let made: Schema | undefined;
  Object.defineProperty(target, key, { enumerable: true, configurable: true, get: () => (made ??= make()) });
}

// ---- the schema package ------------------------------------------------------------------------------------------------

const require = createRequire(import.meta.url);
let folders: readonly [api: string, machinery: string] | undefined;

function schemaFolders(): readonly [string, string] {
  if (folders) return folders;
  const models = require.resolve('kubernetes-models');
  const time = 'IoK8sApimachineryPkgApisMetaV1Time';
  const machinery = createRequire(models).resolve(`@kubernetes-models/apimachinery/_schemas/${time}`);
  return (folders = [join(dirname(models), '_schemas'), dirname(machinery)]);
}

/**
 * The package's modules register their schema with a validator of their own and export nothing else, so the object literal,
 * which is JSON, is taken from the module's text.
 */
function readRawSchema(id: string): RawSchema | undefined {
  const [api, machinery] = schemaFolders();
  const file = `${pascalCase(id)}.js`;
  const text = readIfExists(join(id.startsWith('io.k8s.apimachinery.') ? machinery : api, file));
  if (text === undefined) return undefined;
  const literal = /^const schema = (\{[\s\S]*?\});?\nfunction addSchema/m.exec(text)?.[1];
  if (!literal) throw new Error(`${file} of kubernetes-models has another layout than expected; check its version`);
  return JSON.parse(literal) as RawSchema;
}

function readIfExists(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function pascalCase(id: string): string {
  return id
    .split(/[.-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

// ---- our tables --------------------------------------------------------------------------------------------------------

/** `conditions: map(type) merge(type); values: set` */
function parseFacts(text: string | undefined): Readonly<Record<string, Partial<Schema>>> {
  const facts: Record<string, Partial<Schema>> = {};
  for (const entry of text?.split('; ') ?? []) {
    const colon = entry.indexOf(': ');
    const words = entry.slice(colon + 2).matchAll(/([a-zA-Z+]+)(?:\(([^)]*)\))?/g);
    facts[entry.slice(0, colon)] = Object.assign({}, ...[...words].map((word) => factOf(word[1] ?? '', word[2])));
  }
  return facts;
}

function factOf(word: string, argument: string | undefined): Partial<Schema> {
  switch (word) {
    case 'map':
      return { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': argument?.split(' ') ?? [] };
    case 'set':
      return { 'x-kubernetes-list-type': 'set' };
    case 'atomic':
      return { 'x-kubernetes-map-type': 'atomic' };
    default:
      return {
        'x-kubernetes-patch-strategy': word.replace('+', ','),
        ...(argument !== undefined && { 'x-kubernetes-patch-merge-key': argument }),
      };
  }
}

function parseNewerFields(name: string): Pick<RawSchema, 'properties' | 'required'> | undefined {
  const text = NEWER_FIELDS[name];
  if (text === undefined) return undefined;
  const properties: Record<string, RawSchema> = {};
  const required: string[] = [];
  for (const entry of text.split(', ')) {
    const [field = '', type = ''] = entry.split(' ');
    properties[field] = typeOf(type.replace('!', ''), name.split('.').slice(0, 2).join('.'));
    if (type.endsWith('!')) required.push(field);
  }
  return { properties, required };
}

function typeOf(type: string, groupVersion: string): RawSchema {
  if (type.startsWith('[]')) return { type: 'array', items: typeOf(type.slice(2), groupVersion) };
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: typeOf(type.slice(2), groupVersion) };
  switch (type) {
    case 'string':
      return { type: 'string' };
    case 'bool':
      return { type: 'boolean' };
    case 'int32':
    case 'int64':
      return { type: 'integer', format: type };
    case 'time':
      return { $ref: 'io.k8s.apimachinery.pkg.apis.meta.v1.Time' };
    case 'quantity':
      return { $ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity' };
    default:
      return { $ref: fullId(type.includes('.') ? type : `${groupVersion}.${type}`) };
  }
}
