import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateFields } from './duplicate-fields.ts';

describe('duplicate fields', () => {
  it.each([
    ['{}', []],
    ['{"a":1,"b":2}', []],
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":2},"b":3}', ['a.b']],
    ['{"a":[{"b":1},{"b":1,"b":2}]}', ['a[1].b']],
    ['{"a":"a","b":"a"}', []],
    ['{"a":["a","a"],"b":"{\\"a\\":1,\\"a\\":2}"}', []],
    [String.raw`{"a":1,"\u0061":2}`, ['a']],
    [' { "a" : [ [ ] , { } ] , "a" : null } ', ['a']],
    ['{"a":1,"a":2,"a":3}', ['a', 'a']],
  ])('of %s are %j', (json, expected) => {
    expect(duplicateFields(json)).toEqual(expected);
  });

  it('are never found in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateFields(JSON.stringify(value))).toEqual([]);
      }),
    );
  });
});
