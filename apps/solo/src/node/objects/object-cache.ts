import { isGone, type KubeClient, type KubeObject, type KubeResource } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { type Clock, pause } from '../clock.ts';

/** All objects of a kind, kept current by a watch. */
export interface ObjectCache<T extends KubeObject> extends AsyncDisposable {
  get(namespace: string | undefined, name: string): T | undefined;
  list(): readonly T[];
  /** Calls with every change after the first complete list; `gone` means it was deleted. The result stops it. */
  onChange(listener: (object: T, change: 'changed' | 'gone') => void): () => void;
}

interface CacheOptions<T extends KubeObject> {
  readonly kube: KubeClient;
  readonly resource: KubeResource<T>;
  readonly clock: Clock;
  readonly log: Logger;
}

const retryMs = 1_000;
const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

/** Reads all objects of a kind and follows their changes. Resolves when the first list is complete. */
export async function openObjectCache<T extends KubeObject>(options: CacheOptions<T>): Promise<ObjectCache<T>> {
  const objects = new Map<string, T>();
  const listeners = new Set<(object: T, change: 'changed' | 'gone') => void>();
  const stop = new AbortController();
  const store: Store<T> = {
    replaceAll(items) {
      const found = new Map(items.map((item) => [keyOf(item.metadata.namespace, item.metadata.name ?? ''), item]));
      for (const [key, object] of objects) if (!found.has(key)) store.remove(object);
      for (const item of found.values()) store.put(item);
    },
    put(object) {
      const key = keyOf(object.metadata.namespace, object.metadata.name ?? '');
      if (objects.get(key)?.metadata.resourceVersion === object.metadata.resourceVersion) return;
      objects.set(key, object);
      for (const listener of listeners) listener(object, 'changed');
    },
    remove(object) {
      objects.delete(keyOf(object.metadata.namespace, object.metadata.name ?? ''));
      for (const listener of listeners) listener(object, 'gone');
    },
  };
  const revision = await listInto(options, store);
  const done = follow(options, store, revision, stop.signal);
  return {
    get: (namespace, name) => objects.get(keyOf(namespace, name)),
    list: () => [...objects.values()],
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

interface Store<T> {
  replaceAll(items: readonly T[]): void;
  put(object: T): void;
  remove(object: T): void;
}

async function listInto<T extends KubeObject>(
  { kube, resource }: CacheOptions<T>,
  store: Store<T>,
  signal?: AbortSignal,
): Promise<string> {
  const { items, resourceVersion } = await kube.list(resource, signal === undefined ? {} : { signal });
  store.replaceAll(items);
  return resourceVersion;
}

async function follow<T extends KubeObject>(
  options: CacheOptions<T>,
  store: Store<T>,
  firstRevision: string,
  signal: AbortSignal,
): Promise<void> {
  let revision: string | undefined = firstRevision;
  while (!signal.aborted) {
    try {
      revision ??= await listInto(options, store, signal);
      for await (const event of options.kube.watch(options.resource, { resourceVersion: revision, signal })) {
        if (event.type === 'BOOKMARK') {
          revision = event.resourceVersion;
          continue;
        }
        revision = event.object.metadata.resourceVersion ?? revision;
        if (event.type === 'DELETED') store.remove(event.object);
        else store.put(event.object);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (isGone(error)) revision = undefined;
      options.log.debug({ kind: options.resource.kind, err: error }, 'Lost a watch');
      // Aborted while it waited: the loop ends.
      await pause(options.clock, retryMs, signal).catch(() => undefined);
    }
  }
}
