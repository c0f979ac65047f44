import type { KubernetesObject } from '../resource/resource.ts';
import type { Journal } from './journal.ts';
import {
  type Change,
  type ListPage,
  RevisionCompacted,
  RevisionConflict,
  type RevisionLog,
  type StoredObject,
} from './revision-log.ts';
import { SortedKeys } from './sorted-keys.ts';

const firstRevision = 1;

/**
 * The log itself: current objects and the changes since compaction in memory, each change first made durable by a
 * journal. Reads never parse or touch the disk; older revisions are the current state with later changes undone.
 */
export class JournaledLog implements RevisionLog {
  readonly #journal: Journal;
  readonly #live = new Map<string, StoredObject>();
  readonly #keys = new SortedKeys();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #unannounced: Change[] = [];
  /** Gapless: entry `i` has revision `compactedRevision + 1 + i`. */
  readonly #history: Change[] = [];
  #revision: number;
  #compactedRevision: number;
  #isAnnouncing = false;

  constructor(journal: Journal) {
    this.#journal = journal;
    const { entries, compactedRevision } = journal.load();
    this.#compactedRevision = Math.max(compactedRevision, firstRevision);
    this.#revision = this.#compactedRevision;
    for (const { revision, key, object } of entries) {
      const change = this.#changeTo(key, object, revision);
      if (revision > this.#compactedRevision) {
        if (revision !== this.#revision + 1) {
          throw new Error(
            `The stored log is damaged: revision ${this.#revision + 1} is missing. Restore it from a backup.`,
          );
        }
        this.#history.push(change);
        this.#revision = revision;
      }
      this.#settle(change);
    }
  }

  get revision(): number {
    return this.#revision;
  }

  get compactedRevision(): number {
    return this.#compactedRevision;
  }

  get(key: string): StoredObject | undefined {
    return this.#live.get(key);
  }

  list(prefix: string, options: { revision?: number; startAfter?: string; limit?: number } = {}): ListPage {
    const revision = options.revision ?? this.#revision;
    const { startAfter, limit = Number.POSITIVE_INFINITY } = options;
    const all = revision === this.#revision ? this.#current(prefix) : this.#past(prefix, revision);
    const rest = startAfter === undefined ? all : all.filter(({ key }) => key > startAfter);
    const items = rest.length > limit ? rest.slice(0, limit) : rest;
    return { items, revision, remaining: rest.length - items.length };
  }

  write(key: string, object: KubernetesObject | undefined, expectedRevision: number): StoredObject {
    const found = this.#live.get(key)?.revision ?? 0;
    if (found !== expectedRevision) {
      throw new RevisionConflict(`${key} is at revision ${found}, not at ${expectedRevision}`);
    }
    if (object === undefined && found === 0) throw new RevisionConflict(`${key} does not exist`);
    const revision = this.#revision + 1;
    const change = this.#changeTo(key, object, revision);
    this.#journal.append({ revision, key, object: change.type === 'deleted' ? undefined : change.object });
    this.#revision = revision;
    this.#history.push(change);
    this.#settle(change);
    this.#announce(change);
    return { key, revision, object: change.object };
  }

  changesSince(revision: number, prefix: string, limit = Number.POSITIVE_INFINITY): readonly Change[] {
    this.#mustNotBeCompacted(revision);
    const changes: Change[] = [];
    for (let index = revision - this.#compactedRevision; index < this.#history.length; index += 1) {
      const change = this.#history[index];
      if (change?.key.startsWith(prefix)) changes.push(change);
      if (changes.length >= limit) break;
    }
    return changes;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  compact(revision: number): void {
    if (revision > this.#revision) {
      throw new RangeError(`Cannot compact to revision ${revision}: the newest is ${this.#revision}`);
    }
    if (revision <= this.#compactedRevision) return;
    this.#journal.compact(revision);
    this.#history.splice(0, revision - this.#compactedRevision);
    this.#compactedRevision = revision;
  }

  [Symbol.dispose](): void {
    this.#listeners.clear();
    this.#journal[Symbol.dispose]();
  }

  #changeTo(key: string, object: KubernetesObject | undefined, revision: number): Change {
    const previous = this.#live.get(key)?.object;
    const after = object ?? previous;
    if (after === undefined) {
      throw new Error(`The stored log is damaged: ${key} is deleted before it exists. Restore it from a backup.`);
    }
    const type = object === undefined ? 'deleted' : previous === undefined ? 'created' : 'updated';
    return { revision, key, type, object: withResourceVersion(after, revision), previous };
  }

  #settle(change: Change): void {
    if (change.type === 'deleted') {
      this.#live.delete(change.key);
      this.#keys.delete(change.key);
      return;
    }
    if (change.type === 'created') this.#keys.add(change.key);
    this.#live.set(change.key, { key: change.key, revision: change.revision, object: change.object });
  }

  /** A listener that writes would otherwise show later listeners the second change before the first. */
  #announce(change: Change): void {
    this.#unannounced.push(change);
    if (this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    try {
      for (let next = this.#unannounced.shift(); next !== undefined; next = this.#unannounced.shift()) {
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#isAnnouncing = false;
    }
  }

  #current(prefix: string): readonly StoredObject[] {
    return this.#keys.withPrefix(prefix).flatMap((key) => this.#live.get(key) ?? []);
  }

  #past(prefix: string, revision: number): readonly StoredObject[] {
    this.#mustNotBeCompacted(revision);
    const state = new Map(this.#current(prefix).map((stored) => [stored.key, stored]));
    const undone = this.changesSince(revision, prefix);
    for (const { key, previous } of undone.toReversed()) {
      if (previous === undefined) state.delete(key);
      else state.set(key, { key, revision: Number(previous.metadata.resourceVersion), object: previous });
    }
    return [...state.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  #mustNotBeCompacted(revision: number): void {
    if (revision < this.#compactedRevision) {
      throw new RevisionCompacted(`Revision ${revision} is older than the compacted ${this.#compactedRevision}`);
    }
    if (revision > this.#revision) {
      throw new RangeError(`Revision ${revision} is newer than the newest, ${this.#revision}`);
    }
  }
}

function withResourceVersion(object: KubernetesObject, revision: number): KubernetesObject {
  const resourceVersion = String(revision);
  if (object.metadata.resourceVersion === resourceVersion) return object;
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}
