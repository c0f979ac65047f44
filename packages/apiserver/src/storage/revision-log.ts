import type { KubernetesObject } from '../resource/resource.ts';

/**
 * What etcd is to Kubernetes: one totally ordered log of changes to keyed objects. Every change has a revision, one
 * higher than the last. A key is `/<group or "core">/<plural>/<namespace or "">/<name>`.
 */
export interface RevisionLog extends Disposable {
  /** The newest revision; 1 in an empty log, because 0 means "any" to clients. */
  readonly revision: number;
  /** The oldest revision from which changes can still be told. Asking for older ones is 410 Gone. */
  readonly compactedRevision: number;
  get(key: string): StoredObject | undefined;
  /** Objects whose key starts with `prefix`, by key, at `revision` (default: now). Throws `RevisionCompacted`. */
  list(prefix: string, options?: { revision?: number; startAfter?: string; limit?: number }): ListPage;
  /**
   * Appends one change; durable when it returns. `expectedRevision` is the revision of the object as the caller saw it,
   * 0 when it must not exist; on a mismatch nothing happens and `RevisionConflict` is thrown.
   * The stored object carries its own revision as `metadata.resourceVersion`; `undefined` deletes.
   */
  write(key: string, object: KubernetesObject | undefined, expectedRevision: number): StoredObject;
  /** The first `limit` changes after `revision` to keys that start with `prefix`, in order. Throws `RevisionCompacted`. */
  changesSince(revision: number, prefix: string, limit?: number): readonly Change[];
  /** Called after each change, in order, synchronously; must not throw. Returns the way to stop. */
  subscribe(listener: (change: Change) => void): () => void;
  /** Forgets changes up to `revision`; the newest state of each key stays. */
  compact(revision: number): void;
}

export interface StoredObject {
  readonly key: string;
  readonly revision: number;
  readonly object: KubernetesObject;
}

export interface ListPage {
  readonly items: readonly StoredObject[];
  readonly revision: number;
  /** How many more there are beyond `limit`. */
  readonly remaining: number;
}

export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly type: 'created' | 'updated' | 'deleted';
  /** The object after the change; of a deletion, the last state with the deletion's resourceVersion. */
  readonly object: KubernetesObject;
  readonly previous: KubernetesObject | undefined;
}

export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
}

export class RevisionCompacted extends Error {
  override readonly name = 'RevisionCompacted';
}

/** The medium refused a change: nothing was stored, and the log still tells what it told before. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
  /** No space is left; other failures need an administrator to look at the medium. */
  readonly isFull: boolean;

  constructor(message: string, options: { readonly isFull: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.isFull = options.isFull;
  }
}
