import type { KubeObject } from '@vdi/kube';
import type { ObjectKey } from './object-key.ts';

/** The values under which an object is found in an index; none leaves it out. */
export type IndexBy<T extends KubeObject> = (object: T) => readonly string[];

/** What a reflector knows of the server, as frozen objects. `I` are the names of its indexes. */
export interface Cache<T extends KubeObject, I extends string = never> {
  readonly size: number;
  get(key: ObjectKey): T | undefined;
  /** All objects, in no promised order. */
  all(): readonly T[];
  /** The objects that `index` files under `value`. */
  by(index: I, value: string): readonly T[];
}

/** Files objects under the UID of each of their owners. */
export const byOwnerUid: IndexBy<KubeObject> = ({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? [];

/** Files objects under the value of one label. */
export function byLabel(label: string): IndexBy<KubeObject> {
  return ({ metadata }) => {
    const value = metadata.labels?.[label];
    return value === undefined ? [] : [value];
  };
}

/** A cache that its reflector can write to. */
export class IndexedCache<T extends KubeObject, I extends string = never> implements Cache<T, I> {
  readonly #objects = new Map<ObjectKey, T>();
  readonly #indexes: ReadonlyMap<I, { readonly of: IndexBy<T>; readonly keys: Map<string, Set<ObjectKey>> }>;

  constructor(indexes: Readonly<Record<I, IndexBy<T>>>) {
    const entries = Object.entries(indexes) as [I, IndexBy<T>][];
    this.#indexes = new Map(entries.map(([name, of]) => [name, { of, keys: new Map<string, Set<ObjectKey>>() }]));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  all(): readonly T[] {
    return [...this.#objects.values()];
  }

  by(index: I, value: string): readonly T[] {
    const keys = this.#indexes.get(index)?.keys.get(value) ?? [];
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  keys(): readonly ObjectKey[] {
    return [...this.#objects.keys()];
  }

  set(key: ObjectKey, object: T): void {
    this.delete(key);
    this.#objects.set(key, object);
    for (const { of, keys } of this.#indexes.values()) {
      for (const value of of(object)) {
        const filed = keys.get(value) ?? new Set();
        keys.set(value, filed.add(key));
      }
    }
  }

  delete(key: ObjectKey): void {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    for (const { of, keys } of this.#indexes.values()) {
      for (const value of of(object)) {
        const filed = keys.get(value);
        filed?.delete(key);
        if (filed?.size === 0) keys.delete(value);
      }
    }
  }
}
