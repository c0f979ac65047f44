import { describe, expect, it } from 'vitest';
import { crdManifests, objectSchema } from './crd.ts';
import { kinds } from './kinds.ts';
import type { JsonObject } from './schema/json.ts';
import { structuralProblems } from './schema/structural-problems.ts';

describe.each(kinds)('the definition of $kind', (kind) => {
  it('is structural, described and bounded everywhere', () => {
    expect(structuralProblems(objectSchema(kind))).toEqual([]);
  });

  it('is plain JSON', () => {
    const manifest = crdManifests().find(({ metadata }) => metadata.name === `${kind.plural}.${kind.group}`);
    expect(manifest).toBeDefined();
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
  });

  it('has columns and field selectors only for fields that exist', () => {
    const paths = [...kind.columns.map(({ jsonPath }) => jsonPath.slice(1)), ...kind.selectableFields];
    const missing = paths.filter(
      (path) => !path.startsWith('metadata.') && !hasField(objectSchema(kind), path.split('.')),
    );
    expect(missing).toEqual([]);
  });

  it('stores no defaults: an absent field means what template and operator say today', () => {
    expect(JSON.stringify(objectSchema(kind))).not.toMatch(/"default":|"whenAbsent":/);
  });
});

it('prints User, Template, Phase, URL and Age for a session', () => {
  const session = kinds.find(({ kind }) => kind === 'VDISession');
  const printed = session?.columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name);
  expect(printed).toEqual(['User', 'Template', 'Phase', 'URL', 'Age']);
});

describe('the structural check', () => {
  const listOf = (items: JsonObject, more: JsonObject = {}) => ({
    type: 'array',
    description: 'd',
    maxItems: 2,
    items,
    ...more,
  });
  const cases: readonly (readonly [sentence: string, field: JsonObject, problem: string])[] = [
    ['a field without type', { description: 'd' }, 'f: has no type'],
    ['a field without description', { type: 'boolean' }, 'f: has no description'],
    ['a reference', { type: 'object', description: 'd', $ref: '#/x' }, 'f: uses $ref'],
    ['a constant', { type: 'string', description: 'd', maxLength: 2, const: 'a' }, 'f: uses const'],
    ['a union', { type: 'string', description: 'd', maxLength: 2, anyOf: [{ minLength: 1 }] }, 'f: uses anyOf'],
    [
      'an int-or-string with a type',
      {
        description: 'd',
        type: 'string',
        maxLength: 2,
        'x-kubernetes-int-or-string': true,
        anyOf: [{ type: 'integer' }, { type: 'string' }],
      },
      'f: an int-or-string has no type',
    ],
    [
      'an int-or-string that is something else',
      { description: 'd', 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'string' }] },
      'f: an int-or-string is anyOf integer, string',
    ],
    [
      'a map with fields',
      { type: 'object', description: 'd', properties: {}, additionalProperties: { type: 'boolean' }, maxProperties: 1 },
      'f: has both properties and additionalProperties',
    ],
    [
      'a required field that is not described',
      { type: 'object', description: 'd', required: ['x'], properties: {} },
      'f: requires x, which it does not describe',
    ],
    [
      'a list without items',
      { type: 'array', description: 'd', maxItems: 1, 'x-kubernetes-list-type': 'atomic' },
      'f: is a list without items',
    ],
    ['a list without a list type', listOf({ type: 'boolean' }), 'f: has no x-kubernetes-list-type'],
    ['a set of objects', listOf({ type: 'object' }, { 'x-kubernetes-list-type': 'set' }), 'f: is a set of objects'],
    [
      'a map list without keys',
      listOf({ type: 'object' }, { 'x-kubernetes-list-type': 'map' }),
      'f: is a map list without keys',
    ],
    [
      'a map list whose key may be missing',
      listOf(
        { type: 'object', properties: { k: { type: 'boolean', description: 'd' } } },
        { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
      ),
      'f: has the key k, which items may leave out',
    ],
    ['an unbounded string', { type: 'string', description: 'd' }, 'f: is a string without maxLength'],
    [
      'an unbounded list',
      { type: 'array', description: 'd', items: { type: 'boolean' }, 'x-kubernetes-list-type': 'atomic' },
      'f: is a list without maxItems',
    ],
    [
      'an unbounded map',
      { type: 'object', description: 'd', additionalProperties: { type: 'boolean' } },
      'f: is a map without maxProperties',
    ],
  ];

  it('refuses metadata that says more than its type', () => {
    const schema = { type: 'object', properties: { metadata: { type: 'object', description: 'd' } } };
    expect(structuralProblems(schema)).toEqual(['metadata: says more than its type, which the API server refuses']);
  });

  it.each(cases)('refuses %s', (_, field, problem) => {
    expect(structuralProblems({ type: 'object', properties: { f: field } })).toContain(problem);
  });
});

function hasField(schema: JsonObject, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const child = (schema['properties'] as JsonObject | undefined)?.[name] as JsonObject | undefined;
  return child !== undefined && hasField(child, rest);
}
