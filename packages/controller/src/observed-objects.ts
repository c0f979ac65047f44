import type { KubeList, KubeObject, WatchEvent } from '@vdi/kube';
import { IndexedCache, type IndexBy } from './cache.ts';
import type { Change } from './change.ts';
import { deepFreeze } from './deep-freeze.ts';
import { keyOf, type ObjectKey } from './object-key.ts';
import { isNewer } from './resource-version.ts';

/**
 * Turns lists and watch events into the newest state known. Events may come twice, late or out of order: what is older
 * than what was seen of the same name (the object, its deletion, or a list without it) is dropped, so time never runs
 * backwards for any object.
 */
export class ObservedObjects<T extends KubeObject, I extends string = never> {
  readonly cache: IndexedCache<T, I>;
  /** Deletions since the last list, by their resourceVersion: a late event must not bring the object back. */
  readonly #deletedAt = new Map<ObjectKey, string>();
  #listedAt = '';
  #resourceVersion = '';

  constructor(indexes: Readonly<Record<I, IndexBy<T>>>) {
    this.cache = new IndexedCache(indexes);
  }

  /** Everything up to here was seen; a watch goes on from it. Empty before the first list. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** Takes a list for the whole truth: what it lacks is deleted, even if nobody told of the deletion. */
  replace(list: KubeList<T>): readonly Change<T>[] {
    const listed = new Map(list.items.map((object) => [keyOf(object), object]));
    const missing = this.cache.keys().filter((key) => !listed.has(key));
    this.#listedAt = list.resourceVersion;
    this.#resourceVersion = list.resourceVersion;
    this.#deletedAt.clear();
    return [
      ...missing.flatMap((key) => this.#remove(key)),
      ...[...listed].flatMap(([key, object]) => (isSame(object, this.cache.get(key)) ? [] : this.#put(key, object))),
    ];
  }

  apply(event: WatchEvent<T>): readonly Change<T>[] {
    if (event.type === 'BOOKMARK') {
      this.#advance(event.resourceVersion);
      return [];
    }
    const { object } = event;
    const key = keyOf(object);
    const version = versionOf(object);
    const cached = this.cache.get(key);
    this.#advance(version);
    if (event.type === 'DELETED') {
      // The deletion of a predecessor, told late, says nothing about its successor.
      if (cached !== undefined && isNewer(versionOf(cached), version)) return [];
      const known = this.#deletedAt.get(key);
      if (known === undefined || isNewer(version, known)) this.#deletedAt.set(key, version);
      return this.#remove(key, object);
    }
    const known = cached === undefined ? (this.#deletedAt.get(key) ?? this.#listedAt) : versionOf(cached);
    return isNewer(version, known) ? this.#put(key, object) : [];
  }

  #put(key: ObjectKey, object: T): readonly Change<T>[] {
    const previous = this.cache.get(key);
    deepFreeze(object);
    this.cache.set(key, object);
    if (previous === undefined) return [{ type: 'added', object }];
    if (previous.metadata.uid === object.metadata.uid) return [{ type: 'updated', object, previous }];
    return [
      { type: 'deleted', object: previous },
      { type: 'added', object },
    ];
  }

  #remove(key: ObjectKey, lastState?: T): readonly Change<T>[] {
    const cached = this.cache.get(key);
    if (cached === undefined) return [];
    this.cache.delete(key);
    const isItsLastState = lastState !== undefined && lastState.metadata.uid === cached.metadata.uid;
    return [{ type: 'deleted', object: isItsLastState ? deepFreeze(lastState) : cached }];
  }

  #advance(version: string): void {
    if (isNewer(version, this.#resourceVersion)) this.#resourceVersion = version;
  }
}

function isSame(object: KubeObject, cached: KubeObject | undefined): boolean {
  return (
    object.metadata.uid === cached?.metadata.uid && object.metadata.resourceVersion === cached?.metadata.resourceVersion
  );
}

/** Throws for an object that no server could have sent, before anything is decided by it. */
function versionOf(object: KubeObject): string {
  const { resourceVersion } = object.metadata;
  if (resourceVersion === undefined)
    throw new TypeError(`${object.kind} ${keyOf(object)} came without resourceVersion`);
  return resourceVersion;
}
