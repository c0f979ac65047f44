import type { KubernetesObject } from '../resource/resource.ts';

/** Where a log keeps its changes. The log decides what is true; a journal only makes it last. */
export interface Journal extends Disposable {
  /** Everything stored, oldest first. */
  load(): { readonly entries: Iterable<JournalEntry>; readonly compactedRevision: number };
  /** Durable when it returns; throws `StorageFailure`, and then nothing was stored. */
  append(entry: JournalEntry): void;
  /** Forgets entries up to `revision` that a newer one up to `revision` replaces, and deletions up to it. */
  compact(revision: number): void;
}

export interface JournalEntry {
  readonly revision: number;
  readonly key: string;
  /** `undefined`: the key was deleted. */
  readonly object: KubernetesObject | undefined;
}
