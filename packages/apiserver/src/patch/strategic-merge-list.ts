import { inElementOrder } from './element-order.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';
import { directiveOf, patchError, valueOfPatch, withoutDirectives } from './patch-directives.ts';

/** How the items of one list are merged. */
export interface KeyedList {
  readonly mergeKey: string;
  /** Where the list is in the patch, such as `.spec.containers`. */
  readonly path: string;
  readonly mergeItems: (original: JsonObject, patch: JsonObject, path: string) => JsonObject;
}

/** Values of both lists, once each; those of the patch in the order of the patch. */
export function mergePrimitiveLists(original: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  const merged = [...new Set([...original, ...patch])];
  return inElementOrder(merged, patch, original, { mergeKey: undefined, path: '' });
}

/** The list without these values. */
export function deleteFromPrimitiveList(list: readonly unknown[], values: readonly unknown[]): readonly unknown[] {
  const deleted = new Set(values);
  return list.filter((value) => !deleted.has(value));
}

/**
 * Merges items of equal merge key and appends those that are new. `$patch: delete` in an item removes its counterpart,
 * `$patch: replace` in an item replaces the whole list by the other items.
 * @throws ApiError 400 when an item has no merge key.
 */
export function mergeKeyedLists(
  original: readonly unknown[],
  patch: readonly unknown[],
  list: KeyedList,
): readonly unknown[] {
  const items = patch.map((item, index) => readItem(item, `${list.path}[${index}]`));
  if (items.some((item) => ownField(item, '$patch') === 'replace')) return withoutDirectives(items.filter(isPlain));
  const merged = new Map(original.map((item, index) => [liveKey(item, list, index), item]));
  for (const [index, item] of items.entries()) mergeItem(merged, item, list, `${list.path}[${index}]`);
  return inElementOrder([...merged.values()], items.filter(isPlain), original, list);
}

function mergeItem(merged: Map<unknown, unknown>, item: JsonObject, list: KeyedList, path: string): void {
  const key = keyOf(item, list.mergeKey, path);
  if (directiveOf(item, path) === 'delete') {
    merged.delete(key);
    return;
  }
  const live = merged.get(key);
  merged.set(key, isObject(live) ? list.mergeItems(live, item, path) : valueOfPatch(item, path));
}

function readItem(item: unknown, path: string): JsonObject {
  if (isObject(item)) return item;
  throw patchError(path, `expected an object with the merge key of the list, got ${JSON.stringify(item)}`);
}

function keyOf(item: JsonObject, mergeKey: string, path: string): unknown {
  const key = ownField(item, mergeKey);
  if (key !== undefined) return key;
  throw patchError(path, `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
}

/** Stored items without a key stay as they are: nothing can name them. */
function liveKey(item: unknown, { mergeKey }: KeyedList, index: number): unknown {
  const key = isObject(item) ? ownField(item, mergeKey) : undefined;
  return key === undefined ? Symbol(index) : key;
}

function isPlain(item: JsonObject): boolean {
  return !Object.hasOwn(item, '$patch');
}
