import { describe, expect, it } from 'vitest';

import { admit } from '../schema/admit.ts';
import type { Schema } from '../schema/schema.ts';
import { toTable } from '../table/table.ts';
import { builtinResources } from './builtin-resources.ts';
import { compareVersions, customResources } from './custom-resources.ts';
import type { KubernetesObject, Resource } from './resource.ts';

const NOW = new Date('2026-11-21T09:00:00Z');

const SPEC: Schema = {
  type: 'object',
  required: ['user'],
  properties: {
    user: { type: 'string', minLength: 1 },
    replicas: { type: 'integer', minimum: 0, maximum: 10, default: 1 },
    mode: { type: 'string', enum: ['fast', 'safe'], default: 'safe' },
    memory: { 'x-kubernetes-int-or-string': true, pattern: '^[0-9]+(Mi|Gi)?$' },
    start: { type: 'string', format: 'date-time' },
    options: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    ports: {
      type: 'array',
      maxItems: 3,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, port: { type: 'integer' } },
      },
    },
  },
};

function aDefinition(spec: Schema = SPEC, version: Readonly<Record<string, unknown>> = {}): KubernetesObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'desks.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'desks', singular: 'desk', kind: 'Desk', listKind: 'DeskList', shortNames: ['dk'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec, status: { type: 'object', properties: { phase: { type: 'string' } } } },
            },
          },
          ...version,
        },
      ],
    },
  };
}

function only(resources: readonly Resource[]): Resource {
  const [resource] = resources;
  if (!resource) throw new Error('The definition serves nothing');
  return resource;
}

const aDesk = (spec: Readonly<Record<string, unknown>>): KubernetesObject => ({
  apiVersion: 'example.com/v1',
  kind: 'Desk',
  metadata: { name: 'desk' },
  spec,
});

function judge(spec: Schema, now: Readonly<Record<string, unknown>>, before?: Readonly<Record<string, unknown>>) {
  const resource = only(customResources(aDefinition(spec)));
  const { errors, ...rest } = admit(resource, aDesk(now), before && aDesk(before), { now: NOW });
  return { ...rest, errors: errors.map(({ field, message }) => `${field}: ${message}`) };
}

describe('custom resources', () => {
  it('are served as their definition says', () => {
    expect(
      only(
        customResources(
          aDefinition(SPEC, {
            subresources: {
              status: {},
              scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
            },
          }),
        ),
      ),
    ).toMatchObject({
      group: 'example.com',
      version: 'v1',
      kind: 'Desk',
      plural: 'desks',
      shortNames: ['dk'],
      namespaced: true,
      isStorageVersion: true,
      subresources: [
        { name: 'status' },
        { name: 'scale', kind: 'Scale', group: 'autoscaling', scale: { specReplicasPath: '.spec.replicas' } },
      ],
    });
  });

  it('get defaults, and lose what the schema does not know', () => {
    const { object, unknownFields } = judge(SPEC, {
      user: 'alice',
      colour: 'red',
      options: { any: { thing: null } },
      mode: null,
    });
    expect(unknownFields).toEqual(['spec.colour']);
    expect(object['spec']).toEqual({ user: 'alice', replicas: 1, mode: 'safe', options: { any: { thing: null } } });
  });

  const broken: readonly (readonly [what: string, spec: Readonly<Record<string, unknown>>, error: string])[] = [
    ['a missing field', {}, 'spec.user: Required value'],
    ['a wrong type', { user: 1 }, 'spec.user: Invalid value: 1: spec.user in body must be of type string: "number"'],
    ['text too short', { user: '' }, 'spec.user: Invalid value: "": spec.user in body should be at least 1 chars long'],
    [
      'a number too large',
      { user: 'a', replicas: 11 },
      'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
    ],
    [
      'a fraction',
      { user: 'a', replicas: 1.5 },
      'spec.replicas: Invalid value: 1.5: spec.replicas in body must be of type integer: "number"',
    ],
    [
      'an unknown word',
      { user: 'a', mode: 'slow' },
      'spec.mode: Unsupported value: "slow": supported values: "fast", "safe"',
    ],
    [
      'a pattern',
      { user: 'a', memory: '1TB' },
      'spec.memory: Invalid value: "1TB": spec.memory in body should match \'^[0-9]+(Mi|Gi)?$\'',
    ],
    [
      'a time',
      { user: 'a', start: 'now' },
      'spec.start: Invalid value: "now": spec.start in body must be of type date-time',
    ],
    [
      'a repeated key',
      { user: 'a', ports: [{ name: 'x' }, { name: 'x' }] },
      'spec.ports[1]: Duplicate value: {"name":"x"}',
    ],
    [
      'too many items',
      { user: 'a', ports: ['a', 'b', 'c', 'd'].map((name) => ({ name })) },
      'spec.ports: Too many: 4: must have at most 3 items',
    ],
    [
      'a map of numbers',
      { user: 'a', labels: { x: 1 } },
      'spec.labels.x: Invalid value: 1: spec.labels.x in body must be of type string: "number"',
    ],
  ];
  it.each(broken)('are refused for %s', (_what, spec, error) => {
    expect(judge(SPEC, spec).errors).toContain(error);
  });

  it('keep an old fault when something else changes', () => {
    expect(
      judge(SPEC, { user: 'a', mode: 'slow', replicas: 2 }, { user: 'a', mode: 'slow', replicas: 1 }).errors,
    ).toEqual([]);
    expect(judge(SPEC, { user: 'a', mode: 'slower' }, { user: 'a', mode: 'slow' }).errors).toHaveLength(1);
  });

  it('combine schemas', () => {
    const spec: Schema = {
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'string' } },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
    };
    expect(judge(spec, { a: 'x' }).errors).toEqual([]);
    expect(judge(spec, { a: 'x', b: 'y' }).errors).toEqual([
      expect.stringContaining('one and only one schema (oneOf)'),
    ]);
  });
});

describe('rules', () => {
  const spec: Schema = {
    ...SPEC,
    'x-kubernetes-validations': [
      { rule: "self.replicas <= 5 || self.mode == 'fast'", message: 'more than 5 replicas need mode fast' },
      {
        rule: 'self.user == oldSelf.user',
        message: 'user is immutable',
        fieldPath: '.user',
        reason: 'FieldValueForbidden',
      },
      {
        rule: "!has(self.ports) || self.ports.all(p, p.name != 'root')",
        messageExpression: "'no root among ' + string(size(self.ports)) + ' ports'",
      },
      { rule: "!has(self.start) || self.start > timestamp('2020-01-01T00:00:00Z')" },
    ],
  };

  it('speak for the whole object', () => {
    expect(judge(spec, { user: 'a', replicas: 6 }).errors).toEqual([
      'spec: Invalid value: "object": more than 5 replicas need mode fast',
    ]);
    expect(judge(spec, { user: 'a', replicas: 6, mode: 'fast' }).errors).toEqual([]);
  });

  it('about changes run on updates only', () => {
    expect(judge(spec, { user: 'a' }).errors).toEqual([]);
    expect(judge(spec, { user: 'b' }, { user: 'a' }).errors).toEqual(['spec.user: Forbidden: user is immutable']);
  });

  it('compute their message', () => {
    expect(judge(spec, { user: 'a', ports: [{ name: 'root' }] }).errors).toEqual([
      'spec: Invalid value: "object": no root among 1 ports',
    ]);
  });

  it('see timestamps as such, and name themselves without a message', () => {
    expect(judge(spec, { user: 'a', start: '2019-01-01T00:00:00Z' }).errors).toEqual([
      expect.stringContaining('failed rule: !has(self.start)'),
    ]);
  });

  it('wait until the structure is right, and say so', () => {
    expect(judge(spec, { user: 'a', replicas: 'many' }).errors).toEqual([
      expect.stringContaining('must be of type integer'),
      expect.stringContaining('some validation rules were not checked'),
    ]);
  });

  it('of an item see the old item of the same name', () => {
    const items: Schema = {
      ...SPEC.properties?.['ports']?.items,
      'x-kubernetes-validations': [{ rule: 'self.port >= oldSelf.port', message: 'ports only grow' }],
    };
    const growing: Schema = { type: 'object', properties: { ports: { ...SPEC.properties?.['ports'], items } } };
    const before = {
      ports: [
        { name: 'a', port: 1 },
        { name: 'b', port: 5 },
      ],
    };
    expect(
      judge(
        growing,
        {
          ports: [
            { name: 'b', port: 6 },
            { name: 'a', port: 1 },
          ],
        },
        before,
      ).errors,
    ).toEqual([]);
    expect(judge(growing, { ports: [{ name: 'b', port: 4 }] }, before).errors).toEqual([
      'spec.ports[0]: Invalid value: "object": ports only grow',
    ]);
  });
});

describe('definitions are refused when', () => {
  const definitions = builtinResources().find(({ kind }) => kind === 'CustomResourceDefinition') as Resource;
  const schema = (properties: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) =>
    aDefinition({ type: 'object', properties, ...more } as Schema);
  const at = 'spec.versions[0].schema.openAPIV3Schema.properties[spec]';

  const cases: readonly (readonly [what: string, definition: KubernetesObject, error: string])[] = [
    [
      'a field has no type',
      schema({ a: {} }),
      `${at}.properties[a].type: Required value: must not be empty for specified object fields`,
    ],
    ['a type does not exist', schema({ a: { type: 'text' } }), `${at}.properties[a].type: Unsupported value: "text"`],
    [
      'a list has no items',
      schema({ a: { type: 'array' } }),
      `${at}.properties[a].items: Required value: must be specified`,
    ],
    [
      'a schema refers to another',
      schema({ a: { type: 'object', $ref: '#/x' } }),
      `${at}.properties[a].$ref: Forbidden: $ref is not supported`,
    ],
    [
      'properties are named and open',
      schema({
        a: { type: 'object', properties: { b: { type: 'string' } }, additionalProperties: { type: 'string' } },
      }),
      `${at}.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
    ],
    [
      'a branch describes',
      schema({ a: { type: 'string', anyOf: [{ type: 'string' }] } }),
      `${at}.properties[a].anyOf[0].type: Forbidden: must be undefined to be structural`,
    ],
    [
      'a default does not fit',
      schema({ a: { type: 'integer', default: 'x' } }),
      `${at}.properties[a].default: Invalid value: "x"`,
    ],
    [
      'a pattern is none',
      schema({ a: { type: 'string', pattern: '(' } }),
      `${at}.properties[a].pattern: Invalid value: "("`,
    ],
    [
      'a list map has no keys',
      schema({ a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object' } } }),
      `${at}.properties[a].x-kubernetes-list-map-keys: Required value`,
    ],
    [
      'a rule names an unknown field',
      schema({ a: { type: 'integer' } }, { 'x-kubernetes-validations': [{ rule: 'self.b > 1' }] }),
      `${at}.x-kubernetes-validations[0].rule: Invalid value: "self.b > 1": compilation failed: No such key: b`,
    ],
    [
      'a rule compares what cannot be',
      schema({ a: { type: 'integer' } }, { 'x-kubernetes-validations': [{ rule: "self.a == 'x'" }] }),
      `${at}.x-kubernetes-validations[0].rule: Invalid value: "self.a == 'x'": compilation failed: no such overload`,
    ],
    [
      'a rule is no question',
      schema({ a: { type: 'integer' } }, { 'x-kubernetes-validations': [{ rule: 'self.a' }] }),
      `${at}.x-kubernetes-validations[0].rule: Invalid value: "self.a": must evaluate to a bool`,
    ],
    [
      'the name is another',
      { ...aDefinition(), metadata: { name: 'desk.example.com' } },
      'metadata.name: Invalid value: "desk.example.com": must be spec.names.plural+"."+spec.group: "desks.example.com"',
    ],
    [
      'nothing is stored',
      aDefinition(SPEC, { storage: false }),
      'spec.versions: Invalid value: ["v1"]: must have exactly one version marked as storage version',
    ],
    [
      'there is no schema',
      aDefinition(SPEC, { schema: undefined }),
      'spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required',
    ],
    [
      'a column has no path',
      aDefinition(SPEC, { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: 'spec.a' }] }),
      'spec.versions[0].additionalPrinterColumns[0].jsonPath: Invalid value: "spec.a": JSON path',
    ],
  ];
  it.each(cases)('%s', (_what, definition, error) => {
    const errors = admit(definitions, definition, undefined, { now: NOW }).errors.map(
      ({ field, message }) => `${field}: ${message}`,
    );
    expect(
      errors.some((found) => found.startsWith(error)),
      errors.join('\n') || 'no errors',
    ).toBe(true);
  });

  it('(a sound one is not)', () => {
    const { errors, unknownFields } = admit(definitions, aDefinition(), undefined, { now: NOW });
    expect({ errors, unknownFields }).toEqual({ errors: [], unknownFields: [] });
  });
});

describe('columns', () => {
  it('are those of the definition, wide ones marked', () => {
    const resource = only(
      customResources(
        aDefinition(SPEC, {
          additionalPrinterColumns: [
            { name: 'User', type: 'string', jsonPath: '.spec.user' },
            { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status', priority: 1 },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
        }),
      ),
    );
    const desk = {
      ...aDesk({ user: 'alice' }),
      metadata: { name: 'a', creationTimestamp: '2026-11-21T08:00:00Z' },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    };
    const table = toTable(resource, [desk, aDesk({})], { listMeta: {}, now: NOW, includeObject: 'None' });
    expect(table.columnDefinitions.map(({ name, priority }) => [name, priority])).toEqual([
      ['Name', 0],
      ['User', 0],
      ['Ready', 1],
      ['Age', 0],
    ]);
    expect(table.rows.map(({ cells }) => cells)).toEqual([
      ['a', 'alice', 'True', '60m'],
      ['desk', null, null, null],
    ]);
  });
});

it('versions are ordered as clients prefer them', () => {
  const versions = ['v1alpha1', 'foo', 'v10', 'v1', 'v2beta1', 'v1beta2', 'v2', 'v1beta10'];
  expect(versions.sort((left, right) => compareVersions(right, left))).toEqual([
    'v10',
    'v2',
    'v1',
    'v2beta1',
    'v1beta10',
    'v1beta2',
    'v1alpha1',
    'foo',
  ]);
});
