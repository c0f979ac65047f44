/** The order of merged lists: https://git.k8s.io/design-proposals-archive/cli/preserve-order-in-strategic-merge-patch.md */
import { isObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';
import { patchError } from './patch-directives.ts';

/** Which list is ordered. Lists of primitives have no merge key: their values are their keys. */
export interface OrderedList {
  readonly mergeKey: string | undefined;
  readonly path: string;
}

/**
 * Sorts the items that `order` names as it says. The others keep the order that they have in the live list, and each
 * stays before the first named item that it stood before.
 */
export function inElementOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  live: readonly unknown[],
  list: OrderedList,
): readonly unknown[] {
  const ranks = ranksOf(order, list);
  const liveRanks = ranksOf(live, list);
  const rankIn = (within: ReadonlyMap<unknown, number>, item: unknown) => within.get(keyOf(item, list)) ?? -1;
  const named = items.filter((item) => rankIn(ranks, item) >= 0);
  named.sort((left, right) => rankIn(ranks, left) - rankIn(ranks, right));
  const others = items.filter((item) => rankIn(ranks, item) < 0);
  const ordered: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const rank = rankIn(liveRanks, item);
    for (; next < others.length && rankIn(liveRanks, others[next]) < rank; next++) ordered.push(others[next]);
    ordered.push(item);
  }
  return [...ordered, ...others.slice(next)];
}

/**
 * Every item that the patch sets must be in the order list, and in the same order.
 * @throws ApiError 400
 */
export function checkElementOrder(patch: readonly unknown[], order: readonly unknown[], list: OrderedList): void {
  const ranks = ranksOf(order, list);
  let previous = -1;
  for (const item of patch) {
    if (order.length === 0 || (isObject(item) && Object.hasOwn(item, '$patch'))) continue;
    const rank = ranks.get(keyOf(item, list)) ?? -1;
    if (rank <= previous) {
      throw patchError(
        list.path,
        `the order in the patch list ${JSON.stringify(patch)} does not match ${JSON.stringify(order)}`,
      );
    }
    previous = rank;
  }
}

function ranksOf(items: readonly unknown[], list: OrderedList): ReadonlyMap<unknown, number> {
  return new Map(items.map((item, index) => [keyOf(item, list), index]));
}

function keyOf(item: unknown, { mergeKey }: OrderedList): unknown {
  return mergeKey !== undefined && isObject(item) ? ownField(item, mergeKey) : item;
}
