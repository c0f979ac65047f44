import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, projection } from './fingerprint.ts';

describe('a fingerprint', () => {
  it('is the same for any order of fields, and another for any other JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (first, second) => {
        const same = JSON.stringify(sorted(first)) === JSON.stringify(sorted(second));
        expect(fingerprint(first) === fingerprint(second)).toBe(same);
        expect(fingerprint(reversed(first))).toBe(fingerprint(first));
      }),
    );
  });

  it('does not count fields that would not be sent', () => {
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }));
    expect(fingerprint({ a: 1, b: null })).not.toBe(fingerprint({ a: 1 }));
  });
});

describe('the part of an object that another speaks of', () => {
  it.each([
    ['fields beside ours', { a: 1, b: 2 }, { a: 9 }, { a: 1 }],
    ['defaults within our list elements', [{ a: 1, b: 2 }], [{ a: 9 }], [{ a: 1 }]],
    ['nothing of a list of another length', [{ a: 1, b: 2 }], [{ a: 9 }, { a: 9 }], [{ a: 1, b: 2 }]],
    ['nothing where the live value has another shape', { a: 'text' }, { a: { b: 1 } }, { a: 'text' }],
    ['a field that is missing', {}, { a: 1 }, { a: undefined }],
  ])('leaves out %s', (_what, live, desired, expected) => {
    expect(projection(live, desired)).toEqual(expected);
  });
});

const sorted = (value: unknown): unknown =>
  rebuilt(value, (entries) => entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
const reversed = (value: unknown): unknown => rebuilt(value, (entries) => entries.toReversed());

type Entries = readonly (readonly [string, unknown])[];

function rebuilt(value: unknown, order: (entries: Entries) => Entries): unknown {
  if (Array.isArray(value)) return value.map((element) => rebuilt(element, order));
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? 0 : value;
  return Object.fromEntries(order(Object.entries(value)).map(([name, field]) => [name, rebuilt(field, order)]));
}
