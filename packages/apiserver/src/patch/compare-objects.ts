import type { Schema } from '../schema/schema.ts';
import { emptyFieldSet, fieldSetNode, memberNode, type FieldSet } from './field-set.ts';
import { jsonEqual, type JsonObject } from '../schema/json.ts';
import { isEmptyValue, ownField } from './json-value.ts';
import { fieldElement, type PathElement } from './path-element.ts';
import { commonStructure, fieldSchema, fieldsOf, groupItems, itemSchema, itemsOf } from './structure.ts';

/** What became of the fields of an object from one version to the next; no field is in both sets. */
export interface Comparison {
  /** Fields that are new or have another value. A map or an item that is new is in it, and so is all that it holds. */
  readonly changed: FieldSet;
  /** Fields that are gone. */
  readonly removed: FieldSet;
}

/** The two halves of a comparison of one field; undefined where there is nothing. */
interface Difference {
  readonly changed?: FieldSet | undefined;
  readonly removed?: FieldSet | undefined;
}

const noDifference: Difference = {};
const leafChanged: Difference = { changed: memberNode };
const leafRemoved: Difference = { removed: memberNode };

/** Compares two versions of an object field by field, by the structure that the schema gives them. */
export function compareObjects(schema: Schema, before: JsonObject, after: JsonObject): Comparison {
  const { changed, removed } = compareValues(schema, before, after);
  return { changed: changed ?? emptyFieldSet, removed: removed ?? emptyFieldSet };
}

function compareValues(schema: Schema | undefined, before: unknown, after: unknown): Difference {
  if (before === after) return noDifference;
  const structure = commonStructure(schema, before, after);
  if (structure === 'leaf' || (isEmptyValue(before) && isEmptyValue(after))) return compareLeaves(before, after);
  if (structure === 'map') return compareMaps(schema, before, after);
  if (structure === 'list') return compareLists(schema as Schema, before, after);
  return compareForms(schema, before, after);
}

function compareLeaves(before: unknown, after: unknown): Difference {
  if (before === undefined) return leafChanged;
  if (after === undefined) return leafRemoved;
  return jsonEqual(before, after) ? noDifference : leafChanged;
}

/** The field became something else altogether: what it held is gone, what it holds is new. */
function compareForms(schema: Schema | undefined, before: unknown, after: unknown): Difference {
  const gone = compareValues(schema, before, undefined).removed;
  const fresh = compareValues(schema, undefined, after).changed;
  return {
    changed: fieldSetNode(true, fresh?.children ?? new Map()),
    removed: gone === undefined ? undefined : fieldSetNode(false, gone.children),
  };
}

function compareMaps(schema: Schema | undefined, before: unknown, after: unknown): Difference {
  const collected = new Collected();
  const [left, right] = [fieldsOf(before), fieldsOf(after)];
  for (const name of Object.keys(left)) {
    collected.add(fieldElement(name), compareValues(fieldSchema(schema, name), left[name], ownField(right, name)));
  }
  for (const name of Object.keys(right)) {
    if (Object.hasOwn(left, name)) continue;
    collected.add(fieldElement(name), compareValues(fieldSchema(schema, name), undefined, right[name]));
  }
  return collected.difference(before, after);
}

function compareLists(schema: Schema, before: unknown, after: unknown): Difference {
  const collected = new Collected();
  const [left, right] = [groupItems(schema, itemsOf(before)), groupItems(schema, itemsOf(after))];
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    collected.add(element, compareItems(itemSchema(schema), left.get(element) ?? [], right.get(element) ?? []));
  }
  return collected.difference(before, after);
}

/** Items that occur twice, which only old data has, are owned as one. */
function compareItems(schema: Schema | undefined, before: readonly unknown[], after: readonly unknown[]): Difference {
  if (before.length <= 1 && after.length <= 1) return compareValues(schema, before[0], after[0]);
  return compareLeaves(before.length === 0 ? undefined : before, after.length === 0 ? undefined : after);
}

/** Gathers the differences of children into the difference of their parent. */
class Collected {
  readonly #changed = new Map<PathElement, FieldSet>();
  readonly #removed = new Map<PathElement, FieldSet>();

  add(element: PathElement, { changed, removed }: Difference): void {
    if (changed !== undefined) this.#changed.set(element, changed);
    if (removed !== undefined) this.#removed.set(element, removed);
  }

  difference(before: unknown, after: unknown): Difference {
    return {
      changed: fieldSetNode(before === undefined, this.#changed),
      removed: fieldSetNode(after === undefined, this.#removed),
    };
  }
}
