import { createHash } from 'node:crypto';
import { builtinResources, isNotFound, type KubeObject } from '@vdi/kube';
import type { Runtime } from './runtime.ts';
import { TokenBucket } from './token-bucket.ts';

/** What happened to an object, for people: shown by `kubectl describe` and in the dashboard. */
export interface ObjectEvent {
  readonly type: 'Normal' | 'Warning';
  /** One word in camel case, such as `HomeBound`. */
  readonly reason: string;
  /** A sentence. The same one again is counted, not repeated. */
  readonly message: string;
  /** The part of the object that it is about, such as `spec.containers{desktop}`. */
  readonly fieldPath?: string;
}

export interface EventRecorderOptions {
  /** Who tells, such as `vdi-operator`. */
  readonly component: string;
  /** The node that tells, where it matters which. */
  readonly host?: string;
  /** Where cluster-scoped objects have their events. Default `default`, as upstream. */
  readonly clusterNamespace?: string;
}

/** Records events in the background. Never throws and never delays: an event that cannot be written is logged and lost. */
export interface EventRecorder extends AsyncDisposable {
  record(object: KubeObject, event: ObjectEvent): void;
  /** Resolves when everything recorded so far was written or given up. */
  flush(): Promise<void>;
}

/** Events of the core group, as every Kubernetes takes and shows them. Disposing of it flushes. */
export function createEventRecorder(runtime: Runtime, options: EventRecorderOptions): EventRecorder {
  return new CountingRecorder(runtime, options);
}

interface Series {
  readonly name: string;
  readonly namespace: string;
  readonly firstTimestamp: string;
  count: number;
  lastAtMs: number;
}

/** The same event within this time counts up; later it is told anew, because the server forgets events after an hour. */
const seriesMs = 10 * 60_000;
const seriesAtMost = 4096;
/** For each object: 25 at once, then one every five minutes, as upstream's spam filter. */
const spamLimits = { ratePerSecond: 1 / 300, burst: 25 };
const unwrittenAtMost = 1000;

const { events } = builtinResources;

class CountingRecorder implements EventRecorder {
  readonly #runtime: Runtime;
  readonly #component: string;
  readonly #host: string | undefined;
  readonly #clusterNamespace: string;
  /** In the order of their last use, so that the first is the one to forget. */
  readonly #series = new Map<string, Series>();
  readonly #buckets = new Map<string, TokenBucket>();
  #writing: Promise<void> = Promise.resolve();
  #unwritten = 0;

  constructor(runtime: Runtime, { component, host, clusterNamespace = 'default' }: EventRecorderOptions) {
    this.#runtime = runtime;
    this.#component = component;
    this.#host = host;
    this.#clusterNamespace = clusterNamespace;
  }

  record(object: KubeObject, event: ObjectEvent): void {
    if (this.#unwritten >= unwrittenAtMost || !this.#bucketOf(object).tryTake(this.#runtime.clock.monotonicMs())) {
      this.#runtime.logger.debug(
        { object: object.metadata.name, ...event },
        'Dropped an event, because there are too many',
      );
      return;
    }
    this.#unwritten += 1;
    // One after the other, so that a count follows the event that it counts.
    this.#writing = this.#writing.then(() => this.#write(object, event));
  }

  flush(): Promise<void> {
    return this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  async #write(object: KubeObject, event: ObjectEvent): Promise<void> {
    try {
      await this.#countOrCreate(object, event);
    } catch (error) {
      this.#runtime.logger.warn({ object: object.metadata.name, ...event, err: error }, 'Failed to write an event');
    } finally {
      this.#unwritten -= 1;
    }
  }

  async #countOrCreate(object: KubeObject, event: ObjectEvent): Promise<void> {
    const id = idOf(object, event);
    const nowMs = this.#runtime.clock.monotonicMs();
    const series = this.#series.get(id);
    if (series !== undefined && nowMs - series.lastAtMs < seriesMs && (await this.#count(series))) {
      series.lastAtMs = nowMs;
      this.#touch(id, series);
    } else this.#touch(id, await this.#create(object, event, id));
  }

  /** False if the event is not there any more. */
  async #count(series: Series): Promise<boolean> {
    const { kube, clock } = this.#runtime;
    const value = { count: series.count + 1, lastTimestamp: wholeSeconds(clock.now()) };
    try {
      await kube.patch(events, { namespace: series.namespace, name: series.name }, { type: 'merge', value });
      series.count += 1;
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async #create(object: KubeObject, event: ObjectEvent, id: string): Promise<Series> {
    const { kube, clock } = this.#runtime;
    const { namespace } = object.metadata;
    const at = clock.now();
    const metadata = { name: eventName(object, id, at), namespace: namespace ?? this.#clusterNamespace };
    const timestamp = wholeSeconds(at);
    const { type, reason, message, fieldPath } = event;
    await kube.create(events, {
      metadata,
      involvedObject: { ...referenceTo(object), ...(fieldPath !== undefined && { fieldPath }) },
      type,
      reason,
      message: message.slice(0, 1024),
      source: { component: this.#component, ...(this.#host !== undefined && { host: this.#host }) },
      reportingComponent: this.#component,
      reportingInstance: this.#host ?? this.#component,
      firstTimestamp: timestamp,
      lastTimestamp: timestamp,
      count: 1,
    });
    return { ...metadata, firstTimestamp: timestamp, count: 1, lastAtMs: clock.monotonicMs() };
  }

  #touch(id: string, series: Series): void {
    this.#series.delete(id);
    this.#series.set(id, series);
    forgetOldest(this.#series);
  }

  #bucketOf({ metadata: { uid, namespace, name } }: KubeObject): TokenBucket {
    const id = uid ?? `${namespace}/${name}`;
    const bucket = this.#buckets.get(id) ?? new TokenBucket(spamLimits);
    this.#buckets.delete(id);
    this.#buckets.set(id, bucket);
    forgetOldest(this.#buckets);
    return bucket;
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > seriesAtMost && oldest !== undefined) map.delete(oldest);
}

/** `v1.ObjectReference` */
function referenceTo({ apiVersion, kind, metadata }: KubeObject) {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

function idOf(
  { kind, metadata: { uid, namespace, name } }: KubeObject,
  { type, reason, message, fieldPath }: ObjectEvent,
): string {
  return JSON.stringify([kind, namespace, name, uid, type, reason, message, fieldPath]);
}

/** Unique for this event and moment, and not longer than a name may be. */
function eventName({ metadata: { name = 'unnamed' } }: KubeObject, id: string, at: Date): string {
  const digest = createHash('sha256').update(`${id} ${at.getTime()}`).digest('hex').slice(0, 16);
  return `${name.slice(0, 200)}.${digest}`;
}

/** `metav1.Time` has whole seconds. */
const wholeSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
