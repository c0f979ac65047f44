import * as fc from 'fast-check';
import { createPatch } from 'rfc6902';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../schema/json.ts';
import { applyJsonPatch } from './json-patch.ts';

describe('a JSON patch', () => {
  test.each<[string, JsonObject, unknown[], JsonObject]>([
    [
      'adds a member (RFC 6902, A.1)',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux' }],
      { foo: 'bar', baz: 'qux' },
    ],
    [
      'adds an item (A.2)',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    [
      'appends an item (A.16)',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc'] }],
      { foo: ['bar', ['abc']] },
    ],
    ['removes a member (A.3)', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['removes an item (A.4)', { foo: ['a', 'b', 'c'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['a', 'c'] }],
    ['replaces a value (A.5)', { baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    [
      'moves a value (A.6)',
      { foo: { bar: 1 }, qux: {} },
      [{ op: 'move', from: '/foo/bar', path: '/qux/thud' }],
      { foo: {}, qux: { thud: 1 } },
    ],
    [
      'copies a value',
      { a: { b: [1] } },
      [
        { op: 'copy', from: '/a/b', path: '/c' },
        { op: 'add', path: '/c/-', value: 2 },
      ],
      { a: { b: [1] }, c: [1, 2] },
    ],
    [
      'goes on when a test holds (A.8)',
      { a: [1, { b: 2 }] },
      [
        { op: 'test', path: '/a/1', value: { b: 2 } },
        { op: 'remove', path: '/a' },
      ],
      {},
    ],
    [
      'reads escaped names (A.14)',
      { '/': 9, '~1': 10 },
      [
        { op: 'test', path: '/~01', value: 10 },
        { op: 'remove', path: '/~1' },
      ],
      { '~1': 10 },
    ],
  ])('%s', (_sentence, object, patch, expected) => {
    const original = structuredClone(object);
    expect(applyJsonPatch(object, patch)).toEqual(expected);
    expect(object).toEqual(original);
  });

  test('leads from any object to any other', () => {
    const objects = fc.dictionary(fc.constantFrom('a', 'b/c', '~', ''), fc.jsonValue({ maxDepth: 3 }), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(objects, objects, (from, to) => {
        const plain = JSON.parse(JSON.stringify(to)) as JsonObject;
        const before = JSON.parse(JSON.stringify(from)) as JsonObject;
        fc.pre(!/"(__proto__|constructor|prototype)"/.test(JSON.stringify([before, plain])));
        expect(applyJsonPatch(before, createPatch(before, plain))).toEqual(plain);
      }),
    );
  });

  test.each<[string, unknown, number, string]>([
    ['that is no list', { op: 'add' }, 400, 'must be a list of operations'],
    ['with an unknown operation', [{ op: 'append', path: '/a' }], 400, 'operation 0 must have an "op" of add, remove'],
    ['without a path', [{ op: 'remove' }], 400, 'operation 0 (remove) has no "path"'],
    ['without a value', [{ op: 'add', path: '/a' }], 400, 'has no "value"'],
    ['with a path that is no pointer', [{ op: 'remove', path: 'a' }], 400, 'not a JSON pointer'],
    ['with a path that is no text', [{ op: 'remove', path: 7 }], 400, 'not a JSON pointer'],
    ['with a path to a prototype', [{ op: 'add', path: '/__proto__/x', value: 1 }], 400, 'through __proto__'],
    ['that replaces the whole object', [{ op: 'replace', path: '', value: {} }], 422, 'the whole object'],
    [
      'that removes what is not there',
      [{ op: 'remove', path: '/none' }],
      422,
      'operation 0 of the JSON patch (remove /none) does not apply: there is no /none',
    ],
    ['that removes what every object inherits', [{ op: 'remove', path: '/toString' }], 422, 'there is no /toString'],
    [
      'that replaces an item behind the end',
      [{ op: 'replace', path: '/list/5', value: 1 }],
      422,
      'there is no /list/5',
    ],
    ['that adds below a text', [{ op: 'add', path: '/text/x', value: 1 }], 422, 'the path does not exist'],
    ['that adds far behind the end', [{ op: 'add', path: '/list/9', value: 1 }], 422, 'the path does not exist'],
    ['whose test does not hold', [{ op: 'test', path: '/text', value: 'other' }], 422, 'the value is another one'],
    [
      'of too many operations',
      Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/text', value: 'x' })),
      413,
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    ],
    [
      'whose copies double without end',
      Array.from({ length: 64 }, () => ({ op: 'copy', from: '/list', path: '/list/-' })),
      413,
      'bytes',
    ],
  ])('is refused %s', (_sentence, patch, code, why) => {
    const object = { text: 'x', list: ['a long enough text'] };
    const act = () => applyJsonPatch(object, patch);
    expect(act).toThrow(expect.objectContaining({ code, message: expect.stringContaining(why) as unknown }));
    expect(object).toEqual({ text: 'x', list: ['a long enough text'] });
    expect(({} as JsonObject)['x']).toBeUndefined();
  });
});
