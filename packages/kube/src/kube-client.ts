import type { KubeList, KubeObject } from './kube-object.ts';
import type { KubeResource, ObjectName } from './kube-resource.ts';
import type {
  ApplyOptions,
  DeleteOptions,
  GetOptions,
  ListOptions,
  Patch,
  PodLogOptions,
  PodName,
  Selection,
  WatchOptions,
  WriteOptions,
} from './requests.ts';
import type { WatchEvent } from './watch.ts';

/** `GET /version`. */
export interface ServerVersion {
  readonly major: string;
  readonly minor: string;
  readonly gitVersion: string;
}

/**
 * The Kubernetes API in raw JSON: what the server sent is what the caller gets, unknown fields included, and times stay
 * strings. Every method throws `KubeError`, or the reason of the caller's signal. Nothing is retried here: who decides
 * from what it reads must read again before it tries again.
 *
 * @example
 * const kube = createKubeClient({ fetch, baseUrl: 'https://127.0.0.1:6443' });
 * const pods = await kube.list(builtinResources.pods, { namespace: 'vdi-sessions' });
 */
export interface KubeClient {
  get<T extends KubeObject>(resource: KubeResource<T>, name: ObjectName, options?: GetOptions): Promise<T>;
  /** All pages, all of one revision. */
  list<T extends KubeObject>(resource: KubeResource<T>, options?: ListOptions): Promise<KubeList<T>>;
  /** The object says its own name (or generateName) and namespace, here and below. */
  create<T extends KubeObject>(resource: KubeResource<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Replaces the object; a conflict if its resourceVersion is not the newest. */
  update<T extends KubeObject>(resource: KubeResource<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends KubeObject>(
    resource: KubeResource<T>,
    name: ObjectName,
    patch: Patch,
    options?: WriteOptions,
  ): Promise<T>;
  /** Server-side apply: creates the object, or makes the given fields ours and so. */
  apply<T extends KubeObject>(resource: KubeResource<T>, object: T, options?: ApplyOptions): Promise<T>;
  /** Server-side apply of identity and status, nothing else. */
  applyStatus<T extends KubeObject>(resource: KubeResource<T>, object: T, options?: ApplyOptions): Promise<T>;
  /** Asks for deletion; finalizers and grace periods may keep the object for a while. */
  delete(resource: KubeResource, name: ObjectName, options?: DeleteOptions): Promise<void>;
  deleteCollection(resource: KubeResource, selection: Selection, options?: DeleteOptions): Promise<void>;
  /** One watch, until the server ends it; see `readWatch` for what throws. */
  watch<T extends KubeObject>(
    resource: KubeResource<T>,
    options?: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>, void, undefined>;
  podLog(pod: PodName, options?: PodLogOptions): Promise<ReadableStream<Uint8Array>>;
  serverVersion(signal?: AbortSignal): Promise<ServerVersion>;
  /** Does this server serve the kind in this version? */
  isServed(resource: KubeResource, signal?: AbortSignal): Promise<boolean>;
}
