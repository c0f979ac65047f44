import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  emptyFieldSet,
  equalFieldSets,
  fieldSetHas,
  fieldSetOf,
  fieldSetPaths,
  intersectFieldSets,
  isEmptyFieldSet,
  parseFieldSet,
  printFieldSet,
  subtractFieldSets,
  unionFieldSets,
  type FieldSet,
} from './field-set.ts';
import { fieldElement, keyElement, printPath, valueElement } from './path-element.ts';

const element = fc.oneof(
  fc.constantFrom('a', 'b', 'c/d', '.', '').map(fieldElement),
  fc.constantFrom<unknown>('x', 1, true, 'f:a').map(valueElement),
  fc.constantFrom(80, 443).map((port) =>
    keyElement([
      ['protocol', 'TCP'],
      ['containerPort', port],
    ]),
  ),
  fc.constantFrom('i:0', 'i:7'),
);
const paths = fc.array(fc.array(element, { minLength: 1, maxLength: 4 }), { maxLength: 12 });
const sets = paths.map(fieldSetOf);

function sameAs(left: FieldSet, right: FieldSet): void {
  expect(printFieldSet(left)).toEqual(printFieldSet(right));
  expect(equalFieldSets(left, right)).toBe(true);
}

describe('a field set is a set of paths', () => {
  test('holds exactly the paths that it was made of', () => {
    fc.assert(
      fc.property(paths, (members) => {
        const expected = new Set(members.map((path) => path.join('\n')));
        const listed = [...fieldSetPaths(fieldSetOf(members))].map((path) => path.join('\n'));
        expect(new Set(listed)).toEqual(expected);
        expect(listed).toHaveLength(expected.size);
      }),
    );
  });

  test('is read back as it was written', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const written = printFieldSet(set);
        sameAs(parseFieldSet(JSON.parse(JSON.stringify(written))), set);
        expect(JSON.stringify(printFieldSet(parseFieldSet(written)))).toBe(JSON.stringify(written));
      }),
    );
  });

  test('has the members that union, intersection and difference are defined by', () => {
    fc.assert(
      fc.property(sets, sets, paths, (left, right, others) => {
        for (const path of [...fieldSetPaths(left), ...fieldSetPaths(right), ...others]) {
          const [inLeft, inRight] = [fieldSetHas(left, path), fieldSetHas(right, path)];
          expect(fieldSetHas(unionFieldSets(left, right), path)).toBe(inLeft || inRight);
          expect(fieldSetHas(intersectFieldSets(left, right), path)).toBe(inLeft && inRight);
          expect(fieldSetHas(subtractFieldSets(left, right), path)).toBe(inLeft && !inRight);
        }
      }),
    );
  });

  test('obeys the laws of sets', () => {
    fc.assert(
      fc.property(sets, sets, sets, (a, b, c) => {
        sameAs(unionFieldSets(a, b), unionFieldSets(b, a));
        sameAs(intersectFieldSets(a, b), intersectFieldSets(b, a));
        sameAs(unionFieldSets(a, unionFieldSets(b, c)), unionFieldSets(unionFieldSets(a, b), c));
        sameAs(
          intersectFieldSets(a, unionFieldSets(b, c)),
          unionFieldSets(intersectFieldSets(a, b), intersectFieldSets(a, c)),
        );
        sameAs(subtractFieldSets(a, unionFieldSets(b, c)), subtractFieldSets(subtractFieldSets(a, b), c));
        sameAs(unionFieldSets(subtractFieldSets(a, b), intersectFieldSets(a, b)), a);
        sameAs(unionFieldSets(a, emptyFieldSet), a);
        expect(isEmptyFieldSet(subtractFieldSets(a, a))).toBe(true);
        expect(isEmptyFieldSet(intersectFieldSets(subtractFieldSets(a, b), b))).toBe(true);
      }),
    );
  });
});

describe('FieldsV1', () => {
  test('writes a parent that is a member with a dot', () => {
    const item = keyElement([['name', 'web']]);
    const set = fieldSetOf([
      [fieldElement('list'), item],
      [fieldElement('list'), item, fieldElement('image')],
    ]);
    expect(printFieldSet(set)).toEqual({ 'f:list': { 'k:{"name":"web"}': { '.': {}, 'f:image': {} } } });
  });

  test('knows an item by its keys in any order and with any white space', () => {
    const written = parseFieldSet({ 'k:{ "protocol": "TCP", "containerPort": 80 }': {} });
    expect(
      fieldSetHas(written, [
        keyElement([
          ['containerPort', 80],
          ['protocol', 'TCP'],
        ]),
      ]),
    ).toBe(true);
  });

  test('passes over steps of a type that it does not know', () => {
    expect(printFieldSet(parseFieldSet({ 'z:future': {}, 'f:spec': {} }))).toEqual({ 'f:spec': {} });
  });

  test.each([
    [{ spec: {} }, 'has no colon after its type'],
    [{ 'i:first': {} }, 'must be a whole number'],
    [{ 'k:[1]': {} }, 'must be an object'],
    [{ 'f:spec': true }, 'must consist of objects'],
    [{ 'v:{': {} }, 'JSON'],
  ])('refuses %j', (fields, why) => {
    expect(() => parseFieldSet(fields)).toThrow(why);
  });

  test('prints paths as Kubernetes does', () => {
    const ports = keyElement([
      ['protocol', 'TCP'],
      ['containerPort', 80],
    ]);
    const path = [fieldElement('spec'), fieldElement('ports'), ports, fieldElement('name')];
    expect(printPath(path)).toBe('.spec.ports[containerPort=80,protocol="TCP"].name');
    expect(printPath([fieldElement('finalizers'), valueElement('a')])).toBe('.finalizers[="a"]');
    expect(printPath([fieldElement('items'), 'i:3'])).toBe('.items[3]');
  });
});
