import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../clock.ts';
import type { RevisionLog } from '../storage/revision-log.ts';

/** What reading and writing objects needs. Every write is synchronous from its read to its append, so none can race. */
export interface Registry {
  readonly log: RevisionLog;
  readonly clock: Clock;
  readonly catalog: Catalog;
  readonly identifiers: Identifiers;
}

/** The only randomness of the server, so that a test can choose it. */
export interface Identifiers {
  uid(): string;
  /** Completes `metadata.generateName`: five characters of [bcdfghjklmnpqrstvwxz2456789]. */
  suffix(): string;
}

/** How a client wants a write to be done. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Paths that the body names twice. */
  readonly duplicateFields: readonly string[];
  /** Says something to the client beside the answer. */
  readonly warn: (text: string) => void;
}
