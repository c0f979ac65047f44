import type { Schema } from '../schema/schema.ts';
import type { JsonObject } from '../schema/json.ts';
import { isEmptyValue, ownField } from './json-value.ts';
import type { PathElement } from './path-element.ts';
import {
  commonStructure,
  fieldSchema,
  fieldsOf,
  groupItems,
  itemSchema,
  itemsOf,
  storedItemElement,
} from './structure.ts';

/**
 * Lays an applied configuration over a live object: leaves are taken from the configuration, maps and granular lists
 * are merged. Nothing is removed; neither argument is changed.
 */
export function mergeApplied(schema: Schema, live: JsonObject, applied: JsonObject): JsonObject {
  return mergeMaps(schema, live, applied);
}

function mergeValues(schema: Schema | undefined, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined || (isEmptyValue(live) && isEmptyValue(applied))) return applied;
  const structure = commonStructure(schema, live, applied);
  if (structure === 'map') return mergeMaps(schema, fieldsOf(live), fieldsOf(applied));
  if (structure === 'list') return mergeLists(schema as Schema, itemsOf(live), itemsOf(applied));
  return applied;
}

function mergeMaps(schema: Schema | undefined, live: JsonObject, applied: JsonObject): JsonObject {
  const merged = new Map(Object.entries(live));
  for (const [name, value] of Object.entries(applied)) {
    if (value === undefined) continue;
    merged.set(name, mergeValues(fieldSchema(schema, name), ownField(live, name), value));
  }
  return Object.fromEntries(merged);
}

/**
 * Items of the configuration come in its order. Items that only the live list has stay before the one that they stood
 * before, as far as the order of the configuration allows that.
 */
function mergeLists(schema: Schema, live: readonly unknown[], applied: readonly unknown[]): readonly unknown[] {
  const liveElements = live.map((item) => storedItemElement(schema, item));
  const liveItems = groupItems(schema, live);
  const appliedElements = applied.map((item) => storedItemElement(schema, item));
  const isApplied = new Set(appliedElements);
  const shared = appliedElements.filter((element) => liveItems.has(element));
  const merged: unknown[] = [];
  let position = 0;
  const takeLiveOnly = (until: PathElement | undefined): void => {
    for (; position < live.length && liveElements[position] !== until; position++) {
      if (!isApplied.has(liveElements[position] as PathElement)) merged.push(live[position]);
    }
  };
  let sharedPosition = 0;
  for (const [index, element] of appliedElements.entries()) {
    takeLiveOnly(shared[sharedPosition]);
    merged.push(mergeValues(itemSchema(schema), onlyItem(liveItems.get(element)), applied[index]));
    if (element === shared[sharedPosition]) sharedPosition++;
  }
  takeLiveOnly(undefined);
  return merged;
}

/** Items that occur twice cannot be merged with: the applied one replaces them. */
function onlyItem(items: readonly unknown[] | undefined): unknown {
  return items?.length === 1 ? items[0] : undefined;
}
