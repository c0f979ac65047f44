import type { Clock } from '../clock.ts';
import { expired, tooLargeResourceVersion } from '../registry/errors.ts';
import { type CollectionRef, collectionPrefix } from '../registry/object-ref.ts';
import { presented } from '../registry/presented.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { RevisionCompacted, type RevisionLog } from '../storage/revision-log.ts';
import { apiVersionOf } from '../catalog/catalog.ts';
import { eventOf, type WatchEvent } from './watch-event.ts';
import type { WatchOptions } from './watch-options.ts';

/** Bookmarks spare clients a full list after a quiet hour; upstream sends one a minute. */
const bookmarkIntervalMs = 60_000;
const batchSize = 100;
const definitionsPrefix = '/apiextensions.k8s.io/customresourcedefinitions/';

export interface WatchSource {
  readonly log: RevisionLog;
  readonly clock: Clock;
  /** Whether the resource is still served as it was when the watch began. */
  readonly isServed: (resource: Resource) => boolean;
  /** Called once, whatever ends the watch. */
  readonly onEnd: () => void;
}

/**
 * One watch, read at the pace of its client. Nothing is buffered for it: it remembers the revision it has told, and
 * reads on in the log when the client asks for more. A client so slow that the log was compacted past it gets 410.
 */
export class Watcher {
  readonly #log: RevisionLog;
  readonly #collection: CollectionRef;
  readonly #options: WatchOptions;
  readonly #clock: Clock;
  readonly #stopFollowing: () => void;
  #revision: number;
  #initial: WatchEvent[];
  /** No change of this collection is newer than `#revision`. */
  #isCaughtUp: boolean;
  #isBookmarkDue = false;
  #endsWhenRead = false;
  #hasEnded = false;
  readonly #onEnd: () => void;
  #wake: () => void = () => undefined;
  #stopTimers: readonly (() => void)[] = [];

  /** Throws 410 if the start is compacted, 504 if it is in the future. */
  constructor(source: WatchSource, collection: CollectionRef, options: WatchOptions) {
    const { log } = source;
    this.#log = log;
    this.#clock = source.clock;
    this.#onEnd = source.onEnd;
    this.#collection = collection;
    this.#options = options;
    const { startRevision, notOlderThan } = options;
    if (notOlderThan > log.revision) throw tooLargeResourceVersion(notOlderThan, log.revision);
    if (startRevision !== undefined && startRevision > 0 && startRevision < log.compactedRevision) {
      throw tooOld(startRevision, log);
    }
    this.#revision = startRevision === undefined || startRevision === 0 ? log.revision : startRevision;
    this.#initial = startRevision === undefined ? this.#initialEvents() : [];
    const prefix = collectionPrefix(collection);
    this.#isCaughtUp = this.#revision === log.revision;
    this.#stopFollowing = log.subscribe(({ key, revision }) => {
      if (key.startsWith(prefix)) {
        this.#isCaughtUp = false;
        this.#wake();
        // A watch of a quiet collection moves along, or compaction would overtake it.
      } else if (this.#isCaughtUp) this.#revision = revision;
      if (key.startsWith(definitionsPrefix) && !source.isServed(collection.resource)) {
        // Its client reconnects, and learns what is served now.
        this.#endsWhenRead = true;
        this.#wake();
      }
    });
    this.#startTimers();
  }

  /** The next events, as soon as there are any; undefined when the watch is over. */
  async next(): Promise<readonly WatchEvent[] | undefined> {
    for (;;) {
      if (this.#hasEnded) return undefined;
      const events = this.#read();
      if (events.length > 0) return events;
      if (this.#endsWhenRead) {
        this.end();
        return undefined;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopFollowing();
    for (const stop of this.#stopTimers) stop();
    this.#onEnd();
    this.#wake();
  }

  #read(): readonly WatchEvent[] {
    if (this.#initial.length > 0) return this.#initial.splice(0, batchSize);
    try {
      const events = this.#changes();
      if (events.length > 0 || !this.#isBookmarkDue) return events;
      // Every change up to the newest revision has been told, so a bookmark may promise just that.
      this.#isBookmarkDue = false;
      return [this.#bookmark()];
    } catch (cause) {
      if (!(cause instanceof RevisionCompacted)) throw cause;
      this.end();
      return [{ type: 'ERROR', object: tooOld(this.#revision, this.#log).toStatus() }];
    }
  }

  #changes(): readonly WatchEvent[] {
    const { resource } = this.#collection;
    const events: WatchEvent[] = [];
    while (events.length === 0) {
      const newest = this.#log.revision;
      const changes = this.#log.changesSince(this.#revision, collectionPrefix(this.#collection), batchSize);
      this.#isCaughtUp = changes.length < batchSize;
      this.#revision = this.#isCaughtUp ? newest : (changes.at(-1)?.revision ?? newest);
      const told = changes.map((change) =>
        eventOf(change, this.#options.selects, (object) => presented(resource, object)),
      );
      events.push(...told.filter((event) => event !== undefined));
      if (this.#isCaughtUp) break;
    }
    return events;
  }

  #initialEvents(): WatchEvent[] {
    const { items } = this.#log.list(collectionPrefix(this.#collection));
    const objects = items.map(({ object }) => presented(this.#collection.resource, object));
    const events: WatchEvent[] = objects
      .filter((object) => this.#options.selects(object))
      .map((object) => ({ type: 'ADDED', object }));
    if (this.#options.sendsInitialEvents && this.#options.allowsBookmarks) {
      events.push(this.#bookmark({ 'k8s.io/initial-events-end': 'true' }));
    }
    return events;
  }

  #bookmark(annotations?: Readonly<Record<string, string>>): WatchEvent {
    const { resource } = this.#collection;
    const object: KubernetesObject = {
      kind: resource.kind,
      apiVersion: apiVersionOf(resource),
      metadata: { resourceVersion: String(this.#revision), ...(annotations === undefined ? {} : { annotations }) },
    };
    return { type: 'BOOKMARK', object };
  }

  #startTimers(): void {
    const { allowsBookmarks, timeoutSeconds } = this.#options;
    const stops: (() => void)[] = [];
    if (timeoutSeconds !== undefined) stops.push(this.#clock.after(timeoutSeconds * 1000, () => this.end()));
    if (allowsBookmarks) {
      let stopNext: () => void = () => undefined;
      const schedule = () => {
        stopNext = this.#clock.after(bookmarkIntervalMs, () => {
          this.#isBookmarkDue = true;
          this.#wake();
          schedule();
        });
      };
      schedule();
      stops.push(() => stopNext());
    }
    this.#stopTimers = stops;
  }
}

function tooOld(revision: number, { compactedRevision }: RevisionLog) {
  return expired(`too old resource version: ${revision} (${compactedRevision})`);
}
