import { isAlreadyExists, isNotFound, type KubeClient, type KubeObject, type ObjectName } from '@vdi/kube';
import { AppliedMemory } from './applied-memory.ts';
import { Expectations } from './expectations.ts';
import { keyOf, nameOfKey, type ObjectKey } from './object-key.ts';
import type { Reflector } from './reflector.ts';
import { isNewer } from './resource-version.ts';
import type { Runtime } from './runtime.ts';

export interface WriterOptions {
  /** Who owns the fields written; one per controller. */
  readonly fieldManager: string;
  /**
   * Asked before each request; false makes it fail. With `() => manager.isLeader`, a process that was frozen, and lost its
   * Lease in its sleep, writes nothing when it wakes, even before its timers run. Default: always.
   */
  readonly mayWrite?: () => boolean;
  /** How long `caughtUp` waits at most. Default 5000. */
  readonly catchUpTimeoutMs?: number;
}

interface WriteOptions {
  readonly signal?: AbortSignal;
}

interface DeleteOptions<T extends KubeObject> extends WriteOptions {
  readonly gracePeriodSeconds?: number;
  /** Asked about the object as it is now; false leaves it alone. */
  readonly onlyIf?: (live: T) => boolean;
}

/**
 * What came of asking for a deletion: asked now, asked before and not finished, nothing there any more (or another object
 * of the name), or left alone because of `onlyIf`.
 */
export type DeleteResult = 'requested' | 'terminating' | 'gone' | 'kept';

/** A reflector, whatever its indexes: names a kind, and knows what is there. */
type Target<T extends KubeObject> = Pick<Reflector<T>, 'resource' | 'cache' | 'hasSeen' | 'until' | 'onChange'>;

/** The writes of one controller. All throw `KubeError`; a conflict means that the view was outdated, so look again. */
export interface Writer {
  /**
   * Server-side apply, taking fields over from others. No request is made if the same was applied before and the object
   * still has it. Throws if an object of the name belongs to another owner, such as a predecessor that is not gone yet.
   */
  apply<T extends KubeObject>(target: Target<T>, desired: T, options?: WriteOptions): Promise<T>;
  /** Applies `status` alone, and only to the object with the same UID. */
  applyStatus<T extends KubeObject & { readonly status?: unknown }>(
    target: Target<T>,
    desired: T,
    options?: WriteOptions,
  ): Promise<T>;
  /** Creates the object; one that is there already is left as it is and returned. Throws if that belongs to another. */
  createOnce<T extends KubeObject>(target: Target<T>, desired: T, options?: WriteOptions): Promise<T>;
  /** Deletes this very object after a fresh look, and only if it did not change since that look. */
  delete<T extends KubeObject>(target: Target<T>, object: T, options?: DeleteOptions<T>): Promise<DeleteResult>;
  /** Deletes the `candidates` that are not to be kept and, by a fresh look, have not changed owners. */
  prune<T extends KubeObject>(
    target: Target<T>,
    selection: { readonly candidates: readonly T[]; readonly keep: ReadonlySet<ObjectKey> },
    options?: WriteOptions,
  ): Promise<void>;
  /** Waits, for a bounded time, until the caches have seen all that was written. */
  caughtUp(signal?: AbortSignal): Promise<void>;
}

export function createWriter(runtime: Runtime, options: WriterOptions): Writer {
  return new CachedWriter(runtime, options);
}

class CachedWriter implements Writer {
  readonly #runtime: Runtime;
  readonly #fieldManager: string;
  readonly #mayWrite: () => boolean;
  readonly #expectations: Expectations;
  readonly #memories = new WeakMap<object, AppliedMemory>();

  constructor(runtime: Runtime, { fieldManager, mayWrite = () => true, catchUpTimeoutMs = 5_000 }: WriterOptions) {
    this.#runtime = runtime;
    this.#fieldManager = fieldManager;
    this.#mayWrite = mayWrite;
    this.#expectations = new Expectations(runtime, catchUpTimeoutMs);
  }

  async apply<T extends KubeObject>(target: Target<T>, desired: T, options: WriteOptions = {}): Promise<T> {
    const id = keyOf(desired);
    const memory = this.#memoryOf(target);
    const live = target.cache.get(id);
    if (live !== undefined) {
      checkOwner(live, desired);
      if (memory.isInPlace(id, desired, live, live)) return live;
    }
    const made = await this.#kube().apply(target.resource, desired, this.#managed(options));
    memory.remember(id, desired, made, made);
    this.#expectVersion(target, made);
    return made;
  }

  async applyStatus<T extends KubeObject & { readonly status?: unknown }>(
    target: Target<T>,
    desired: T,
    options: WriteOptions = {},
  ): Promise<T> {
    const id = statusId(keyOf(desired));
    const memory = this.#memoryOf(target);
    const live = target.cache.get(keyOf(desired));
    if (live !== undefined && memory.isInPlace(id, desired.status, live.status, live)) return live;
    const made = await this.#kube().applyStatus(target.resource, desired, this.#managed(options));
    memory.remember(id, desired.status, made.status, made);
    this.#expectVersion(target, made);
    return made;
  }

  async createOnce<T extends KubeObject>(target: Target<T>, desired: T, options: WriteOptions = {}): Promise<T> {
    const existing = target.cache.get(keyOf(desired)) ?? (await this.#create(target, desired, options));
    checkOwner(existing, desired);
    return existing;
  }

  async delete<T extends KubeObject>(
    target: Target<T>,
    object: T,
    { signal, gracePeriodSeconds, onlyIf }: DeleteOptions<T> = {},
  ): Promise<DeleteResult> {
    const name = nameOfKey(keyOf(object));
    const live = await this.#read(target, name, signal);
    if (live === undefined || live.metadata.uid !== object.metadata.uid) return 'gone';
    if (onlyIf?.(live) === false) return 'kept';
    if (isTerminatingWithin(live, gracePeriodSeconds)) return 'terminating';
    const { uid, resourceVersion } = live.metadata;
    try {
      await this.#kube().delete(target.resource, name, {
        uid,
        resourceVersion,
        ...(signal && { signal }),
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      });
    } catch (error) {
      if (isNotFound(error)) return 'gone';
      throw error;
    }
    this.#expectations.expect(target, () => {
      const cached = target.cache.get(keyOf(object));
      return cached?.metadata.uid !== uid || cached?.metadata.deletionTimestamp !== undefined;
    });
    return 'requested';
  }

  async prune<T extends KubeObject>(
    target: Target<T>,
    { candidates, keep }: { readonly candidates: readonly T[]; readonly keep: ReadonlySet<ObjectKey> },
    options: WriteOptions = {},
  ): Promise<void> {
    for (const candidate of candidates) {
      if (keep.has(keyOf(candidate))) continue;
      await this.delete(target, candidate, { ...options, onlyIf: (live) => hasSameOwners(live, candidate) });
    }
  }

  caughtUp(signal?: AbortSignal): Promise<void> {
    return this.#expectations.met(signal);
  }

  async #create<T extends KubeObject>(target: Target<T>, desired: T, options: WriteOptions): Promise<T> {
    try {
      const made = await this.#kube().create(target.resource, desired, this.#managed(options));
      this.#expectVersion(target, made);
      return made;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      return await this.#runtime.kube.get(target.resource, nameOfKey(keyOf(desired)), options);
    }
  }

  async #read<T extends KubeObject>(target: Target<T>, name: ObjectName, signal?: AbortSignal): Promise<T | undefined> {
    try {
      return await this.#runtime.kube.get(target.resource, name, signal && { signal });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The client, for a write. */
  #kube(): KubeClient {
    if (this.#mayWrite()) return this.#runtime.kube;
    throw new Error(`${this.#fieldManager} may not write, because this process does not lead any more`);
  }

  #managed({ signal }: WriteOptions): { readonly fieldManager: string; readonly signal?: AbortSignal } {
    return { fieldManager: this.#fieldManager, ...(signal && { signal }) };
  }

  #expectVersion<T extends KubeObject>(target: Target<T>, made: T): void {
    const { resourceVersion } = made.metadata;
    if (resourceVersion === undefined) return;
    const key = keyOf(made);
    this.#expectations.expect(target, () => {
      const cached = target.cache.get(key)?.metadata.resourceVersion;
      return target.hasSeen(resourceVersion, key) || (cached !== undefined && !isNewer(resourceVersion, cached));
    });
  }

  #memoryOf<T extends KubeObject>(target: Target<T>): AppliedMemory {
    const known = this.#memories.get(target);
    if (known !== undefined) return known;
    const memory = new AppliedMemory();
    this.#memories.set(target, memory);
    target.onChange(({ type, object }) => {
      if (type !== 'deleted') return;
      memory.forget(keyOf(object));
      memory.forget(statusId(keyOf(object)));
    });
    return memory;
  }
}

/** No key of an object looks like this, as names have no colon. */
const statusId = (key: ObjectKey): string => `status:${key}`;

/** Throws if `existing` is controlled by another object than `desired` is to be. */
function checkOwner(existing: KubeObject, desired: KubeObject): void {
  const wanted = controllerOf(desired);
  const actual = controllerOf(existing);
  if (wanted === undefined || actual?.uid === wanted.uid) return;
  const owner = actual === undefined ? 'no controller' : `${actual.kind} ${actual.name} (${actual.uid})`;
  throw new Error(
    `${existing.kind ?? desired.kind} ${keyOf(existing)} exists and belongs to ${owner}, not to ${wanted.kind} ${wanted.name} ` +
      `(${wanted.uid}); if that owner is gone, so will it be soon, otherwise rename or delete it`,
  );
}

const controllerOf = ({ metadata }: KubeObject) => metadata.ownerReferences?.find(({ controller }) => controller);

function hasSameOwners(live: KubeObject, seen: KubeObject): boolean {
  const uidsOf = ({ metadata }: KubeObject) => (metadata.ownerReferences ?? []).map(({ uid }) => uid).sort();
  return uidsOf(live).join() === uidsOf(seen).join();
}

/** On its way, and not too slowly for what is asked now. */
function isTerminatingWithin({ metadata }: KubeObject, gracePeriodSeconds: number | undefined): boolean {
  if (metadata.deletionTimestamp === undefined) return false;
  return gracePeriodSeconds === undefined || (metadata.deletionGracePeriodSeconds ?? 0) <= gracePeriodSeconds;
}
