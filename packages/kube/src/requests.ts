import type { ObjectName } from './kube-resource.ts';

/** Which objects a list, a watch or a collective delete means. */
export interface Selection {
  /** Left out: all namespaces. */
  readonly namespace?: string;
  /** `app=web,tier!=db` */
  readonly labelSelector?: string;
  /** `metadata.name=alice` */
  readonly fieldSelector?: string;
}

interface Cancellable {
  readonly signal?: AbortSignal;
}

export interface GetOptions extends Cancellable {
  readonly subresource?: string;
}

export interface ListOptions extends Selection, Cancellable {
  /** Objects per request; the answer always has all of them. Default 500. */
  readonly pageSize?: number;
}

export interface WriteOptions extends Cancellable {
  /** Default: the client's. */
  readonly fieldManager?: string;
  readonly subresource?: string;
  /** The server checks and answers, but keeps nothing. */
  readonly dryRun?: boolean;
  /** What the server does with a field it does not know. Default `Strict`: our own typing errors are errors. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
}

export interface ApplyOptions extends Omit<WriteOptions, 'subresource'> {
  /** Take over fields that others manage. Default true, as controllers must. */
  readonly force?: boolean;
}

/** RFC 7386 for any kind, RFC 6902, or the strategic merge that only built-in kinds know. */
export type Patch =
  | { readonly type: 'merge' | 'strategic'; readonly value: object }
  | { readonly type: 'json'; readonly value: readonly JsonPatchOperation[] };

/** One operation of RFC 6902. */
export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

export interface DeleteOptions extends Cancellable {
  /** Delete only the object with this UID, not one of the same name that came later. */
  readonly uid?: string | undefined;
  /** Delete only if nobody changed it since. */
  readonly resourceVersion?: string | undefined;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly dryRun?: boolean;
}

export interface WatchOptions extends Selection, Cancellable {
  /** Tell what happened after this revision; left out, the watch begins with all objects as ADDED. */
  readonly resourceVersion?: string;
  /** After so many seconds the server ends the watch. Default: random between 300 and 600, so that watches do not end together. */
  readonly timeoutSeconds?: number;
}

export interface PodLogOptions extends Cancellable {
  readonly container?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  readonly timestamps?: boolean;
}

export type PodName = Required<ObjectName>;
