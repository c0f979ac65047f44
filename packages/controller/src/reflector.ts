import { isGone, type KubeObject, KubeError, type KubeResource, type Selection } from '@vdi/kube';
import type { Cache, IndexBy } from './cache.ts';
import type { Change } from './change.ts';
import { fullJitterMs } from './full-jitter.ts';
import type { ObjectKey } from './object-key.ts';
import { ObservedObjects } from './observed-objects.ts';
import { reflectorMetrics } from './reflector-metrics.ts';
import { isNewer } from './resource-version.ts';
import type { Runtime } from './runtime.ts';
import { sleep } from './sleep.ts';

export interface ReflectorOptions<T extends KubeObject, I extends string> {
  readonly resource: KubeResource<T>;
  /** Left out: all objects of the kind. */
  readonly selection?: Selection;
  readonly indexes?: Readonly<Record<I, IndexBy<T>>>;
  /**
   * Once this old, a list is repeated when its watch ends (watches end after 5 to 10 minutes), which mends the loss of an
   * event that the server never sent. Default 1800.
   */
  readonly relistAfterSeconds?: number;
}

/** Keeps a cache of the objects of one kind, and tells of every change in it. */
export interface Reflector<T extends KubeObject = KubeObject, I extends string = never> extends AsyncDisposable {
  readonly resource: KubeResource<T>;
  readonly cache: Cache<T, I>;
  /** Resolves when the cache holds a whole list; rejects if the reflector is stopped before. */
  readonly synced: Promise<void>;
  /** Begins to list and watch, and keeps at it whatever fails, until disposed of. Again is no different from once. */
  start(): void;
  /** Calls `listener` for each change from now on, and first for all that is there. Returns the way to stop. */
  onChange(listener: (change: Change<T>) => void): () => void;
  /** Has the cache come as far as this resourceVersion of its kind, as far as the object of that key is concerned? */
  hasSeen(resourceVersion: string, key?: ObjectKey): boolean;
  /** Waits for `condition`, which is asked after each change in what was seen; false when it took too long. */
  until(
    condition: () => boolean,
    options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean>;
}

/** A reflector that does nothing before `start`. */
export function createReflector<T extends KubeObject, I extends string = never>(
  runtime: Runtime,
  options: ReflectorOptions<T, I>,
): Reflector<T, I> {
  return new ListWatchReflector(runtime, options);
}

/** Between two attempts, before jitter. A server that comes back is noticed within the longest. */
const retryLimits = { baseMs: 800, maxMs: 30_000 };
const longestRetryAfterSeconds = 60;
/** A quiet watch that was open for so long did work. */
const livedMs = 10_000;
/** After so many failures in a row a resumed watch is given up for a list. */
const failuresBeforeList = 3;
/** So often in a row a list may be older than what was seen; then the server was set back, by a restored backup say. */
const refusedListsAtMost = 3;

class ListWatchReflector<T extends KubeObject, I extends string> implements Reflector<T, I> {
  readonly resource: KubeResource<T>;
  readonly #runtime: Runtime;
  readonly #options: ReflectorOptions<T, I>;
  readonly #name: string;
  readonly #metrics;
  readonly #observed: ObservedObjects<T, I>;
  readonly #listeners = new Set<(change: Change<T>) => void>();
  readonly #waiting = new Set<() => void>();
  readonly #synced = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #mustList = true;
  #listedAtMs = 0;
  #failures = 0;
  #refusedLists = 0;

  constructor(runtime: Runtime, options: ReflectorOptions<T, I>) {
    const { resource } = options;
    this.resource = resource;
    this.#runtime = runtime;
    this.#options = options;
    this.#name = nameOf(options);
    this.#metrics = reflectorMetrics(runtime.metrics, this.#name);
    this.#observed = new ObservedObjects<T, I>(options.indexes ?? ({} as Record<I, IndexBy<T>>));
    // Nobody has to wait for it.
    this.#synced.promise.catch(() => undefined);
  }

  get cache(): Cache<T, I> {
    return this.#observed.cache;
  }

  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  start(): void {
    this.#running ??= this.#run(this.#stop.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error(`The reflector of ${this.#name} was stopped`));
    this.#synced.reject(this.#stop.signal.reason);
    await this.#running;
  }

  onChange(listener: (change: Change<T>) => void): () => void {
    this.#listeners.add(listener);
    for (const object of this.cache.all()) this.#tell(listener, { type: 'added', object });
    return () => void this.#listeners.delete(listener);
  }

  hasSeen(resourceVersion: string): boolean {
    const seen = this.#observed.resourceVersion;
    return seen !== '' && (seen === resourceVersion || !isNewer(resourceVersion, seen));
  }

  async until(
    condition: () => boolean,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean> {
    if (condition()) return true;
    const met = new AbortController();
    const look = (): void => {
      if (condition()) met.abort();
    };
    this.#waiting.add(look);
    await sleep(this.#runtime.clock, timeoutMs, AbortSignal.any([met.signal, ...(signal ? [signal] : [])]));
    this.#waiting.delete(look);
    signal?.throwIfAborted();
    return met.signal.aborted;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let error: unknown;
      try {
        if (this.#mustList) await this.#list(signal);
        await this.#watch(signal);
      } catch (caught) {
        error = caught;
      }
      if (signal.aborted) return;
      if (error !== undefined) this.#failed(error);
      if (this.#failures > 0) await sleep(this.#runtime.clock, this.#retryDelayMs(error), signal);
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { kube, clock, logger } = this.#runtime;
    const startedAtMs = clock.monotonicMs();
    const list = await kube.list(this.resource, { ...this.#options.selection, signal });
    this.#checkAge(list.resourceVersion);
    this.#mustList = false;
    this.#listedAtMs = startedAtMs;
    this.#refusedLists = 0;
    this.#metrics.listed(list.items.length);
    this.#publish(this.#observed.replace(list));
    this.#synced.resolve();
    logger.debug({ reflector: this.#name, objects: list.items.length }, 'Listed objects');
  }

  /** Throws if the list is of a time before what was seen, because acting on it would undo what happened since. */
  #checkAge(listed: string): void {
    if (listed === '')
      throw new Error(`The list of ${this.#name} has no resourceVersion, so no watch can go on from it`);
    const seen = this.#observed.resourceVersion;
    if (seen === '' || seen === listed || !isNewer(seen, listed)) return;
    this.#refusedLists += 1;
    if (this.#refusedLists <= refusedListsAtMost) {
      throw new Error(`The list of ${this.#name} is of resourceVersion ${listed}, older than ${seen}, which was seen`);
    }
    this.#runtime.logger.warn(
      { reflector: this.#name, seen, listed },
      'Accepted an older state, because the server insists on it; it was probably restored from a backup',
    );
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { kube, clock, random } = this.#runtime;
    const openedAtMs = clock.monotonicMs();
    const options = {
      ...this.#options.selection,
      resourceVersion: this.#observed.resourceVersion,
      timeoutSeconds: 300 + Math.floor(random() * 300),
      signal,
    };
    let isFailure = true;
    try {
      for await (const event of kube.watch(this.resource, options)) {
        const before = this.#observed.resourceVersion;
        this.#publish(this.#observed.apply(event));
        if (this.#observed.resourceVersion !== before) this.#failures = 0;
      }
      isFailure = false;
    } finally {
      this.#metrics.watchEnded(isFailure);
    }
    // A server that ends watches at once, without an event, must not be asked in a hot loop.
    const lived = clock.monotonicMs() - openedAtMs >= livedMs;
    this.#failures = lived ? 0 : this.#failures + 1;
    const listAgeMs = clock.monotonicMs() - this.#listedAtMs;
    if (listAgeMs >= (this.#options.relistAfterSeconds ?? 1800) * 1000) this.#mustList = true;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const isExpired = isGone(error) || isFromTheFuture(error);
    if (isExpired || this.#failures >= failuresBeforeList) this.#mustList = true;
    const facts = { reflector: this.#name, failures: this.#failures, err: error };
    if (isExpired) this.#runtime.logger.info(facts, 'Lost the place in the history, listing again');
    else this.#runtime.logger.warn(facts, 'Lost the watch or failed to list, trying again');
  }

  #retryDelayMs(error: unknown): number {
    const askedSeconds = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) : 0;
    const jitteredMs = fullJitterMs(this.#failures - 1, retryLimits, this.#runtime.random);
    return Math.max(jitteredMs, Math.min(askedSeconds, longestRetryAfterSeconds) * 1000);
  }

  #publish(changes: readonly Change<T>[]): void {
    for (const change of changes) for (const listener of this.#listeners) this.#tell(listener, change);
    for (const look of this.#waiting) look();
  }

  /** One listener that throws must not keep the others, or the cache, from what happened. */
  #tell(listener: (change: Change<T>) => void, change: Change<T>): void {
    const { clock, logger } = this.#runtime;
    const startedAtMs = clock.monotonicMs();
    try {
      listener(change);
    } catch (error) {
      this.#metrics.handlerFailed();
      logger.error({ reflector: this.#name, err: error }, 'A listener failed on a change');
    }
    this.#metrics.handled((clock.monotonicMs() - startedAtMs) / 1000);
  }
}

/** For logs and metrics: `pods`, or `vdi-sessions/pods` where only that namespace is reflected. */
function nameOf<T extends KubeObject>({
  resource,
  selection,
}: Pick<ReflectorOptions<T, never>, 'resource' | 'selection'>): string {
  const kind = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
  return selection?.namespace === undefined ? kind : `${selection.namespace}/${kind}`;
}

/** The server does not know the resourceVersion yet: it lags behind another one, or has lost the end of its history. */
function isFromTheFuture(error: unknown): boolean {
  return error instanceof KubeError && error.causes.some(({ reason }) => reason === 'ResourceVersionTooLarge');
}
