/** JSON values and schemas as CEL sees them (https://kubernetes.io/docs/reference/using-api/cel/#type-system-integration). */
import type { Environment } from '@marcbachmann/cel-js';

import { isObject } from './json.ts';
import type { Schema } from './schema.ts';
import { schemaOf } from './shape.ts';

/** Words that CEL reserves; a field called so is written with underscores around it. */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const ESCAPES: Readonly<Record<string, string>> = { '.': '__dot__', '-': '__dash__', '/': '__slash__' };

/** The name of a field in rules; undefined where CEL has no way to say it. */
function celName(field: string): string | undefined {
  if (RESERVED.has(field)) return `__${field}__`;
  const name = field
    .replaceAll('__', '__underscores__')
    .replaceAll(/[.\-/]/g, (character) => ESCAPES[character] ?? character);
  return /^[A-Za-z_]\w*$/.test(name) ? name : undefined;
}

/** Integers become BigInt, timestamps Date, base64 bytes; fields take the names that rules call them by. */
export function celValue(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => celValue(schema.items ?? {}, item));
  if (isObject(value)) {
    const entries = Object.entries(value).flatMap(([key, child]) => {
      const isField = schema.properties !== undefined && Object.hasOwn(schema.properties, key);
      const name = isField ? celName(key) : key;
      return name === undefined ? [] : [[name, celValue(schemaOf(schema, key) ?? {}, child)] as const];
    });
    return Object.fromEntries(entries);
  }
  if (typeof value === 'number') return Number.isInteger(value) && schema.type !== 'number' ? BigInt(value) : value;
  return typeof value === 'string' ? celString(schema, value) : value;
}

function celString(schema: Schema, value: string): unknown {
  if (schema['x-kubernetes-int-or-string']) return value;
  if (schema.format === 'date-time') return new Date(value);
  return schema.format === 'byte' ? new Uint8Array(Buffer.from(value, 'base64')) : value;
}

/** Declares the type of a schema, and of all inside it, in an environment that only checks rules. */
export class CelTypes {
  readonly #environment: Environment;
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  typeOf(schema: Schema): string {
    if (schema['x-kubernetes-int-or-string']) return 'dyn';
    switch (schema.type) {
      case 'string':
        return STRING_TYPES[schema.format ?? ''] ?? 'string';
      case 'integer':
        return 'int';
      case 'number':
        return 'double';
      case 'boolean':
        return 'bool';
      case 'array':
        return `list<${this.typeOf(schema.items ?? {})}>`;
      case 'object':
        return this.#objectType(schema);
      case undefined:
        return 'dyn';
      default:
        return schema.type satisfies never;
    }
  }

  #objectType(schema: Schema): string {
    const { additionalProperties, properties } = schema;
    if (typeof additionalProperties === 'object') return `map<string, ${this.typeOf(additionalProperties)}>`;
    if (!properties || schema['x-kubernetes-preserve-unknown-fields']) return 'dyn';
    const fields: Record<string, string> = {};
    for (const [field, child] of Object.entries(properties)) {
      const name = celName(field);
      if (name !== undefined) fields[name] = field === 'metadata' && 'kind' in properties ? 'dyn' : this.typeOf(child);
    }
    const name = `Object${(this.#count += 1)}`;
    this.#environment.registerType(name, { fields });
    return name;
  }
}

const STRING_TYPES: Readonly<Record<string, string>> = {
  'date-time': 'google.protobuf.Timestamp',
  byte: 'bytes',
};
