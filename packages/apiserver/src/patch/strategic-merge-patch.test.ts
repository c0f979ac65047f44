import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../schema/json.ts';
import { aWeb, podLike } from './builders.ts';
import { objectSchema } from './object-schema.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

const schema = objectSchema(podLike);

function patchedSpec(spec: JsonObject, patch: JsonObject): unknown {
  return applyStrategicMergePatch(schema, aWeb(spec), { spec: patch })['spec'];
}

const web = { name: 'web', image: 'a', env: [{ name: 'A', value: '1' }] };
const log = { name: 'log', image: 'b' };

const cases: [sentence: string, spec: JsonObject, patch: JsonObject, expected: JsonObject][] = [
  [
    'merges objects and leaves what it does not name',
    { replicas: 1, strategy: { type: 'A' } },
    { replicas: 2 },
    { replicas: 2, strategy: { type: 'A' } },
  ],
  ['removes a field that is null', { replicas: 1 }, { replicas: null, strategy: null }, {}],
  [
    'does not store the nulls of a field that is new',
    {},
    { strategy: { type: 'A', rollingUpdate: null } },
    { strategy: { type: 'A' } },
  ],
  [
    'merges a list of objects by its merge key',
    { containers: [web, log] },
    { containers: [{ name: 'log', image: 'c' }] },
    { containers: [web, { name: 'log', image: 'c' }] },
  ],
  [
    'merges lists below the items of a list',
    { containers: [web] },
    { containers: [{ name: 'web', env: [{ name: 'B', value: '2' }] }] },
    {
      containers: [
        {
          ...web,
          env: [
            { name: 'B', value: '2' },
            { name: 'A', value: '1' },
          ],
        },
      ],
    },
  ],
  ['adds an item that is new', { containers: [web] }, { containers: [log] }, { containers: [log, web] }],
  [
    'deletes an item with $patch: delete',
    { containers: [web, log] },
    { containers: [{ name: 'web', $patch: 'delete' }] },
    { containers: [log] },
  ],
  [
    'passes over the deletion of an item that is not there',
    { containers: [log] },
    { containers: [{ name: 'web', $patch: 'delete' }] },
    { containers: [log] },
  ],
  [
    'replaces a list with $patch: replace',
    { containers: [web, log] },
    { containers: [{ $patch: 'replace' }, { name: 'new' }] },
    { containers: [{ name: 'new' }] },
  ],
  [
    'merges an item with $patch: merge',
    { containers: [log] },
    { containers: [{ name: 'log', image: 'c', $patch: 'merge' }] },
    { containers: [{ name: 'log', image: 'c' }] },
  ],
  [
    'replaces an object with $patch: replace',
    { strategy: { type: 'A', rollingUpdate: { maxSurge: 1 } } },
    { strategy: { $patch: 'replace', type: 'B' } },
    { strategy: { type: 'B' } },
  ],
  [
    'sets an object that is new with $patch: replace',
    {},
    { strategy: { $patch: 'replace', type: 'B' } },
    { strategy: { type: 'B' } },
  ],
  [
    'empties an object with $patch: delete',
    { strategy: { type: 'A' } },
    { strategy: { $patch: 'delete' } },
    { strategy: {} },
  ],
  ['passes over the deletion of an object that is not there', {}, { strategy: { $patch: 'delete' } }, {}],
  [
    'clears what $retainKeys does not list',
    { strategy: { type: 'A', rollingUpdate: { maxSurge: 1 } } },
    { strategy: { $retainKeys: ['type'], type: 'B' } },
    { strategy: { type: 'B' } },
  ],
  [
    'clears in the items of a list too',
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'c' } }] },
    { volumes: [{ name: 'v', configMap: { name: 'c' } }] },
  ],
  [
    'replaces a list that has no strategy',
    { tolerations: [{ key: 'a' }] },
    { tolerations: [{ key: 'b' }] },
    { tolerations: [{ key: 'b' }] },
  ],
  ['replaces a value of another form', { replicas: { a: 1 } }, { replicas: 2 }, { replicas: 2 }],
  [
    'orders items as $setElementOrder says',
    { containers: [web, log] },
    { '$setElementOrder/containers': [{ name: 'log' }, { name: 'web' }] },
    { containers: [log, web] },
  ],
  [
    'merges, deletes and orders in one patch',
    { containers: [{ name: 'x' }, web, log] },
    {
      '$setElementOrder/containers': [{ name: 'new' }, { name: 'web' }],
      containers: [{ name: 'new' }, { name: 'log', $patch: 'delete' }],
    },
    { containers: [{ name: 'new' }, { name: 'x' }, web] },
  ],
];

describe('a strategic merge patch', () => {
  test.each(cases)('%s', (_sentence, spec, patch, expected) => {
    const original = structuredClone(spec);
    const sent = structuredClone(patch);
    expect(patchedSpec(spec, patch)).toEqual(expected);
    expect([spec, patch]).toEqual([original, sent]);
  });

  test('unites lists of primitives that merge, and deletes from them with $deleteFromPrimitiveList', () => {
    const object = aWeb({}, { finalizers: ['a', 'b', 'c'] });
    const patch = {
      metadata: {
        finalizers: ['d'],
        '$deleteFromPrimitiveList/finalizers': ['a'],
        '$setElementOrder/finalizers': ['c', 'b', 'd'],
      },
    };
    expect(applyStrategicMergePatch(schema, object, patch)).toMatchObject({
      metadata: { finalizers: ['c', 'b', 'd'] },
    });
  });

  test('gives the lists of ObjectMeta their strategies for every kind', () => {
    const object = aWeb({}, { ownerReferences: [{ uid: '1', name: 'x' }] });
    const patch = { metadata: { ownerReferences: [{ uid: '1', $patch: 'delete' }] } };
    expect(applyStrategicMergePatch(schema, object, patch)).toMatchObject({ metadata: { ownerReferences: [] } });
  });

  test.each<[string, unknown, string]>([
    ['that is a list', [], 'must be a JSON object'],
    [
      'with an item without its merge key',
      { spec: { containers: [{ image: 'a' }] } },
      'at .spec.containers[0]: map: {"image":"a"} does not contain declared merge key: name',
    ],
    [
      'with a primitive in a list of objects',
      { spec: { containers: ['web'] } },
      'expected an object with the merge key of the list, got "web"',
    ],
    ['with an unknown directive', { spec: { $patch: 'append' } }, 'unknown patch type "append"'],
    [
      'that sets what it clears',
      { spec: { strategy: { $retainKeys: ['type'], rollingUpdate: {} } } },
      'rollingUpdate is set by the patch but is not in $retainKeys',
    ],
    [
      'with keys to retain that are no list',
      { spec: { strategy: { $retainKeys: 'type' } } },
      'invalid patch format of retainKeys',
    ],
    [
      'with an order that is no list',
      { spec: { '$setElementOrder/containers': 'web' } },
      'invalid patch format of setElementOrder list',
    ],
    [
      'with an order that its list does not follow',
      {
        spec: {
          '$setElementOrder/containers': [{ name: 'a' }, { name: 'web' }],
          containers: [{ name: 'web' }, { name: 'a' }],
        },
      },
      'does not match',
    ],
    [
      'with primitives to delete that are no list',
      { metadata: { '$deleteFromPrimitiveList/finalizers': 'a' } },
      'invalid patch format of primitive list',
    ],
  ])('is refused %s', (_sentence, patch, why) => {
    const act = () => applyStrategicMergePatch(schema, aWeb({ containers: [web], strategy: { type: 'A' } }), patch);
    expect(act).toThrow(expect.objectContaining({ code: 400, message: expect.stringContaining(why) as unknown }));
  });
});
