import type { Schema } from '../schema/schema.ts';
import type { FieldSet } from './field-set.ts';
import type { JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import {
  fieldSchema,
  fieldsOf,
  isDeclaredField,
  itemSchema,
  itemsOf,
  storedItemElement,
  structureOf,
} from './structure.ts';

/** Who speaks for the fields below one node of an object. */
interface Ownership {
  /** What the manager applied last time. */
  readonly last: FieldSet;
  /** What anyone owns now, the manager's new configuration included. */
  readonly owned: FieldSet | undefined;
}

/**
 * Removes the fields that a manager applied last time and that nobody owns any more. With a map or an item goes all
 * that it holds, such as defaulted values, which nobody ever owned.
 */
export function pruneFields(schema: Schema, object: JsonObject, last: FieldSet, owned: FieldSet): JsonObject {
  return pruneMap(schema, object, { last, owned });
}

function pruneValue(schema: Schema | undefined, value: unknown, ownership: Ownership): unknown {
  if (value === null || value === undefined) return value;
  const structure = structureOf(schema, value);
  if (structure === 'map') return pruneMap(schema, fieldsOf(value), ownership);
  return structure === 'list' ? pruneList(schema as Schema, itemsOf(value), ownership) : value;
}

function pruneMap(schema: Schema | undefined, map: JsonObject, { last, owned }: Ownership): JsonObject {
  if (last.children.size === 0) return map;
  const kept: [string, unknown][] = [];
  let isSame = true;
  for (const name of Object.keys(map)) {
    const value = ownField(map, name);
    const below = ownershipBelow(fieldElement(name), { last, owned });
    if (below === undefined) {
      kept.push([name, value]);
      continue;
    }
    // A declared field is never a member while it holds others: whoever owns one of those keeps it.
    const counts = isDeclaredField(schema, name) ? isPresent : isMember;
    if (counts(below.last) && !counts(below.owned)) {
      isSame = false;
      continue;
    }
    const pruned = pruneValue(fieldSchema(schema, name), value, below);
    isSame &&= pruned === value;
    kept.push([name, pruned]);
  }
  return isSame ? map : Object.fromEntries(kept);
}

function pruneList(schema: Schema, items: readonly unknown[], { last, owned }: Ownership): readonly unknown[] {
  const kept: unknown[] = [];
  for (const item of items) {
    const below = ownershipBelow(storedItemElement(schema, item), { last, owned });
    if (below === undefined) kept.push(item);
    else if (!isMember(below.last) || isMember(below.owned)) kept.push(pruneValue(itemSchema(schema), item, below));
  }
  return kept.length === items.length && kept.every((item, index) => item === items[index]) ? items : kept;
}

function ownershipBelow(element: PathElement, { last, owned }: Ownership): Ownership | undefined {
  const below = last.children.get(element);
  return below === undefined ? undefined : { last: below, owned: owned?.children.get(element) };
}

function isPresent(node: FieldSet | undefined): boolean {
  return node !== undefined;
}

function isMember(node: FieldSet | undefined): boolean {
  return node?.isMember ?? false;
}
