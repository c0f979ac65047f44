import type { FieldError } from '../api-error.ts';
import type { NameRule } from '../registry/names.ts';
import type { Registry } from '../registry/registry.ts';
import type { KubernetesObject } from '../resource/resource.ts';

/** What is particular to one kind. Everything is optional: the common rules are those of custom resources. */
export interface Strategy {
  readonly nameRule?: NameRule;
  /** Fills what the server owns. Runs before defaults and validation. */
  readonly prepareCreate?: (object: KubernetesObject, registry: Registry) => KubernetesObject;
  readonly prepareUpdate?: (object: KubernetesObject, live: KubernetesObject, registry: Registry) => KubernetesObject;
  /** Rules between fields that a schema cannot say. `live` is undefined on creation. */
  readonly validate?: (
    object: KubernetesObject,
    live: KubernetesObject | undefined,
    registry: Registry,
  ) => FieldError[];
  /** Why an object may not be deleted at all. */
  readonly refusesDeletion?: (object: KubernetesObject) => string | undefined;
  /** What a deletion that has to wait leaves on the object, beside `metadata.deletionTimestamp`. */
  readonly prepareDelete?: (object: KubernetesObject, registry: Registry) => KubernetesObject;
  /** Reasons to stay beside `metadata.finalizers`. */
  readonly finalizers?: (object: KubernetesObject) => readonly string[];
  /** Seconds until a deletion takes effect; 0 (or absent) is at once. */
  readonly gracePeriodSeconds?: (object: KubernetesObject, asked: number | undefined) => number;
  /** Writers of the main resource may set status on creation (Nodes register themselves with one). */
  readonly keepsStatusOnCreate?: boolean;
  /** Whether `metadata.generation` counts changes of the desired state. */
  readonly countsGenerations?: boolean;
  /** A write must say which version it replaces. */
  readonly requiresResourceVersion?: boolean;
  /** The answer to a deletion is the object, not a Status. */
  readonly returnsDeletedObject?: boolean;
}
