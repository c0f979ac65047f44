import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../schema/json.ts';
import { applyMergePatch } from './merge-patch.ts';

describe('a JSON merge patch', () => {
  test.each<[string, JsonObject, JsonObject, JsonObject]>([
    ['replaces a value', { a: 'b' }, { a: 'c' }, { a: 'c' }],
    ['adds a member', { a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    ['removes a member that is null', { a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    ['replaces lists as a whole', { a: ['b'] }, { a: [1, null] }, { a: [1, null] }],
    ['merges objects', { a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    ['replaces a list by an object', { a: [{ b: 'c' }] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['keeps a null that was there', { e: null }, { a: 1 }, { e: null, a: 1 }],
    ['stores no null below a member that is new', {}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [
      'merges names that every object inherits',
      { labels: {} },
      { labels: { constructor: { a: 1 } } },
      { labels: { constructor: { a: 1 } } },
    ],
  ])('%s (RFC 7386)', (_sentence, object, patch, expected) => {
    const original = structuredClone(object);
    expect(applyMergePatch(object, patch)).toEqual(expected);
    expect(object).toEqual(original);
  });

  test('reaches no prototype', () => {
    const merged = applyMergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect(merged['polluted']).toBeUndefined();
  });

  test.each([[null], ['text'], [[]]])('is refused when it is %j', (patch) => {
    expect(() => applyMergePatch({}, patch)).toThrow(expect.objectContaining({ code: 400 }));
  });
});
