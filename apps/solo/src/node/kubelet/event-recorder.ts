import { createHash } from 'node:crypto';
import { isAlreadyExists, type KubeClient, type KubeObject } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { type Clock, timestamp } from '../clock.ts';
import { resources } from '../objects/resources.ts';

/** What happened to an object, in Kubernetes' words. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** `spec.containers{name}` */
  readonly fieldPath?: string;
}

export interface EventSource {
  readonly kube: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  /** `kubelet`, `default-scheduler` … */
  readonly component: string;
  readonly nodeName: string;
}

interface Seen {
  readonly name: string;
  readonly count: number;
}

const mostRemembered = 1_000;

/** Writes Events for people. Nothing waits for them and nothing fails when one cannot be written. */
export class EventRecorder {
  readonly #source: EventSource;
  readonly #seen = new Map<string, Seen>();
  #last: Promise<void> = Promise.resolve();

  constructor(source: EventSource) {
    this.#source = source;
  }

  /** The same event again only raises its count. */
  record(apiVersion: string, kind: string, object: KubeObject, note: EventNote): void {
    this.#last = this.#last
      .then(() => this.#write(apiVersion, kind, object, note))
      .catch((error: unknown) =>
        this.#source.log.debug({ reason: note.reason, err: error }, 'Could not write an event'),
      );
  }

  /** All events recorded so far have been written. */
  async flush(): Promise<void> {
    await this.#last;
  }

  async #write(apiVersion: string, kind: string, { metadata }: KubeObject, note: EventNote): Promise<void> {
    const { kube, clock, component, nodeName } = this.#source;
    const { name = '', uid = '', namespace = 'default' } = metadata;
    const key = JSON.stringify([kind, uid, note]);
    const seen = this.#seen.get(key);
    const lastTimestamp = timestamp(clock.now());
    if (seen !== undefined) {
      this.#remember(key, { ...seen, count: seen.count + 1 });
      const value = { count: seen.count + 1, lastTimestamp };
      await kube.patch(resources.events, { namespace, name: seen.name }, { type: 'merge', value });
      return;
    }
    const id = createHash('sha256').update(`${key}${clock.now().getTime()}`).digest('hex').slice(0, 16);
    const eventName = `${name.slice(0, 200)}.${id}`;
    const { fieldPath, ...facts } = note;
    const event = {
      metadata: { name: eventName, namespace },
      involvedObject: {
        apiVersion,
        kind,
        name,
        uid,
        ...(kind === 'Node' ? {} : { namespace }),
        ...(fieldPath === undefined ? {} : { fieldPath }),
      },
      ...facts,
      count: 1,
      firstTimestamp: lastTimestamp,
      lastTimestamp,
      source: { component, host: nodeName },
      reportingComponent: component,
      reportingInstance: nodeName,
    };
    await kube.create(resources.events, event).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
    this.#remember(key, { name: eventName, count: 1 });
  }

  #remember(key: string, seen: Seen): void {
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > mostRemembered && oldest !== undefined) this.#seen.delete(oldest);
  }
}
