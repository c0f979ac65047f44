import type { KubeObject, KubeResource } from '@vdi/kube';
import type { Cache } from './cache.ts';
import type { Change } from './change.ts';
import { nameOfKey, type ObjectKey } from './object-key.ts';
import { createReflector, type Reflector, type ReflectorOptions } from './reflector.ts';
import type { Runtime } from './runtime.ts';

export interface NamespacedReflectorOptions<T extends KubeObject, I extends string> extends Omit<
  ReflectorOptions<T, I>,
  'selection'
> {
  readonly selection?: Omit<NonNullable<ReflectorOptions<T, I>['selection']>, 'namespace'>;
  /** Objects elsewhere are not asked for, so that a role in these namespaces is all that is needed. */
  readonly namespaces: readonly string[];
}

/** A reflector of the objects in some namespaces: one list and one watch in each, and one cache of all. */
export function createNamespacedReflector<T extends KubeObject, I extends string = never>(
  runtime: Runtime,
  { namespaces, selection, ...options }: NamespacedReflectorOptions<T, I>,
): Reflector<T, I> {
  const parts = [...new Set(namespaces)].map((namespace): readonly [string, Reflector<T, I>] => [
    namespace,
    createReflector<T, I>(runtime, { ...options, selection: { ...selection, namespace } }),
  ]);
  return new NamespacedReflector(options.resource, new Map(parts));
}

class NamespacedReflector<T extends KubeObject, I extends string> implements Reflector<T, I> {
  readonly resource: KubeResource<T>;
  readonly cache: Cache<T, I>;
  readonly synced: Promise<void>;
  readonly #parts: ReadonlyMap<string, Reflector<T, I>>;

  constructor(resource: KubeResource<T>, parts: ReadonlyMap<string, Reflector<T, I>>) {
    this.resource = resource;
    this.#parts = parts;
    this.cache = new NamespacedCache(new Map([...parts].map(([namespace, { cache }]) => [namespace, cache])));
    this.synced = Promise.all([...parts.values()].map(({ synced }) => synced)).then(() => undefined);
    // Nobody has to wait for it.
    this.synced.catch(() => undefined);
  }

  start(): void {
    for (const part of this.#parts.values()) part.start();
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    const stops = [...this.#parts.values()].map((part) => part.onChange(listener));
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Each watch tells of its own namespace alone; without a key, only all of them together have seen it. */
  hasSeen(resourceVersion: string, key?: ObjectKey): boolean {
    const parts = key === undefined ? [...this.#parts.values()] : this.#partOf(key);
    return parts.every((part) => part.hasSeen(resourceVersion));
  }

  async until(
    condition: () => boolean,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean> {
    const met = new AbortController();
    const options = { timeoutMs, signal: AbortSignal.any([met.signal, ...(signal ? [signal] : [])]) };
    const waits = [...this.#parts.values()].map(async (part) => {
      try {
        return await part.until(condition, options);
      } catch (error) {
        // Another part has met it.
        if (met.signal.aborted) return true;
        throw error;
      }
    });
    try {
      return await Promise.race([firstTrue(waits), Promise.all(waits).then((all) => all.includes(true))]);
    } finally {
      met.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#parts.values()].map((part) => part[Symbol.asyncDispose]()));
  }

  #partOf(key: ObjectKey): readonly Reflector<T, I>[] {
    const part = this.#parts.get(nameOfKey(key).namespace ?? '');
    return part === undefined ? [] : [part];
  }
}

/** Resolves with the first that is true, and never where none is. */
function firstTrue(waits: readonly Promise<boolean>[]): Promise<true> {
  return new Promise((resolve, reject) => {
    for (const wait of waits) wait.then((isMet) => isMet && resolve(true), reject);
  });
}

class NamespacedCache<T extends KubeObject, I extends string> implements Cache<T, I> {
  readonly #parts: ReadonlyMap<string, Cache<T, I>>;

  constructor(parts: ReadonlyMap<string, Cache<T, I>>) {
    this.#parts = parts;
  }

  get size(): number {
    return [...this.#parts.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get(key: ObjectKey): T | undefined {
    return this.#parts.get(nameOfKey(key).namespace ?? '')?.get(key);
  }

  all(): readonly T[] {
    return [...this.#parts.values()].flatMap((part) => part.all());
  }

  by(index: I, value: string): readonly T[] {
    return [...this.#parts.values()].flatMap((part) => part.by(index, value));
  }
}
