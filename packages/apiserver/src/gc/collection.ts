import type { Logger } from '@vdi/telemetry';
import { deleteObject, foregroundFinalizer, orphanFinalizer } from '../registry/delete.ts';
import type { DeleteOptions } from '../registry/delete-options.ts';
import { readableName, refOf } from '../registry/object-ref.ts';
import { presented } from '../registry/presented.ts';
import type { Registry } from '../registry/registry.ts';
import { settle } from '../registry/update.ts';
import type { KubernetesObject, ObjectMeta, OwnerReference, Resource } from '../resource/resource.ts';
import type { StoredObject } from '../storage/revision-log.ts';
import { type OwnerGraph, ownersOf } from './owner-graph.ts';

interface Owners {
  /** There, or of a kind that is not served: nothing can be said about those. */
  readonly solid: readonly OwnerReference[];
  readonly dangling: readonly OwnerReference[];
  /** There, but deleted in the foreground: waiting for its dependents. */
  readonly waiting: readonly OwnerReference[];
}

/** What the collector does about one object. */
export class Collection {
  readonly #registry: Registry;
  readonly #graph: OwnerGraph;
  readonly #logger: Logger;
  readonly #lookAgain: (key: string) => void;

  constructor(parts: {
    readonly registry: Registry;
    readonly graph: OwnerGraph;
    readonly logger: Logger;
    readonly lookAgain: (key: string) => void;
  }) {
    this.#registry = parts.registry;
    this.#graph = parts.graph;
    this.#logger = parts.logger;
    this.#lookAgain = parts.lookAgain;
  }

  look(key: string): void {
    const stored = this.#registry.log.get(key);
    if (stored === undefined) return;
    const resource = this.#resourceOf(stored.object);
    if (resource === undefined) return;
    const { deletionTimestamp, finalizers = [] } = stored.object.metadata;
    if (deletionTimestamp === undefined) this.#lookAtOwners(resource, stored);
    else if (finalizers.includes(orphanFinalizer)) this.#orphan(resource, stored);
    else if (finalizers.includes(foregroundFinalizer)) this.#finishForeground(resource, stored);
  }

  /** Deletes an object that has lost its last owner; of one that has others, forgets the lost. */
  #lookAtOwners(resource: Resource, stored: StoredObject): void {
    const { metadata } = stored.object;
    if (ownersOf(metadata).length === 0) return;
    const { solid, dangling, waiting } = this.#classify(stored.object);
    if (solid.length > 0) {
      if (dangling.length + waiting.length > 0) this.#setMetadata(resource, stored, { ownerReferences: solid });
      return;
    }
    const isForeground = waiting.length > 0 && this.#graph.dependentsOf(metadata.uid).length > 0;
    const unblocked = isForeground ? this.#breakCycle(resource, stored) : stored;
    this.#delete(resource, unblocked, isForeground ? 'Foreground' : policyOf(metadata));
  }

  /** Two owners of each other that both wait would wait for ever: this one no longer blocks. */
  #breakCycle(resource: Resource, stored: StoredObject): StoredObject {
    const dependents = this.#graph.dependentsOf(stored.object.metadata.uid);
    const isCyclic = dependents.some((key) => {
      const dependent = this.#registry.log.get(key);
      return dependent !== undefined && isDeletedInForeground(dependent.object.metadata);
    });
    if (!isCyclic) return stored;
    const ownerReferences = ownersOf(stored.object.metadata).map((owner) => ({ ...owner, blockOwnerDeletion: false }));
    this.#setMetadata(resource, stored, { ownerReferences });
    return this.#registry.log.get(stored.key) ?? stored;
  }

  #orphan(resource: Resource, stored: StoredObject): void {
    const { uid, finalizers = [] } = stored.object.metadata;
    for (const key of this.#graph.dependentsOf(uid)) {
      const dependent = this.#registry.log.get(key);
      const kind = dependent === undefined ? undefined : this.#resourceOf(dependent.object);
      if (dependent === undefined || kind === undefined) continue;
      const ownerReferences = ownersOf(dependent.object.metadata).filter((owner) => owner.uid !== uid);
      this.#setMetadata(kind, dependent, { ownerReferences });
    }
    this.#setMetadata(resource, stored, { finalizers: finalizers.filter((name) => name !== orphanFinalizer) });
  }

  #finishForeground(resource: Resource, stored: StoredObject): void {
    const { uid, finalizers = [] } = stored.object.metadata;
    const dependents = this.#graph.dependentsOf(uid).flatMap((key) => this.#registry.log.get(key) ?? []);
    const isBlocked = dependents.some(({ object }) =>
      ownersOf(object.metadata).some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true),
    );
    for (const { key, object } of dependents) {
      if (object.metadata.deletionTimestamp === undefined) this.#lookAgain(key);
    }
    if (isBlocked) return;
    this.#setMetadata(resource, stored, { finalizers: finalizers.filter((name) => name !== foregroundFinalizer) });
  }

  #classify(object: KubernetesObject): Owners {
    const solid: OwnerReference[] = [];
    const dangling: OwnerReference[] = [];
    const waiting: OwnerReference[] = [];
    for (const reference of ownersOf(object.metadata)) {
      const owner = this.#ownerOf(object, reference);
      if (owner === 'unknown') solid.push(reference);
      else if (owner === undefined) dangling.push(reference);
      else if (isDeletedInForeground(owner.metadata)) waiting.push(reference);
      else solid.push(reference);
    }
    return { solid, dangling, waiting };
  }

  #ownerOf({ metadata }: KubernetesObject, { apiVersion, kind, name, uid }: OwnerReference) {
    const resource = this.#registry.catalog.findKind(apiVersion, kind);
    if (resource === undefined) return 'unknown';
    const key = this.#graph.keyOf(uid);
    const owner = key === undefined ? undefined : this.#registry.log.get(key)?.object;
    if (owner === undefined || owner.kind !== kind || owner.metadata.name !== name) return undefined;
    // An owner in another namespace is none; upstream calls it dangling too.
    return (owner.metadata.namespace ?? metadata.namespace) === metadata.namespace ? owner : undefined;
  }

  #delete(resource: Resource, { object }: StoredObject, propagation: DeleteOptions['propagation']): void {
    const ref = refOf(resource, presented(resource, object));
    const { uid, resourceVersion } = object.metadata;
    deleteObject(this.#registry, ref, {
      preconditions: { ...(uid === undefined ? {} : { uid }), ...(resourceVersion ? { resourceVersion } : {}) },
      propagation,
      gracePeriodSeconds: undefined,
      dryRun: false,
    });
    this.#logger.info({ kind: resource.kind, object: readableName(ref) }, 'Deleted an object without owner');
  }

  #setMetadata(resource: Resource, stored: StoredObject, change: Partial<ObjectMeta>): void {
    const kept = Object.entries({ ...stored.object.metadata, ...change }).filter(
      ([name, value]) => !(name in change && Array.isArray(value) && value.length === 0),
    );
    const metadata = Object.fromEntries(kept) as ObjectMeta;
    settle(this.#registry, refOf(resource, stored.object), stored, { ...stored.object, metadata });
  }

  /** Any version will do: one that an object was written in may no longer be served. */
  #resourceOf({ apiVersion, kind }: KubernetesObject): Resource | undefined {
    const { catalog } = this.#registry;
    const group = apiVersion.includes('/') ? apiVersion.split('/', 1)[0] : '';
    return (
      catalog.findKind(apiVersion, kind) ??
      catalog.all.find((resource) => resource.kind === kind && resource.group === group)
    );
  }
}

function isDeletedInForeground({ deletionTimestamp, finalizers = [] }: ObjectMeta): boolean {
  return deletionTimestamp !== undefined && finalizers.includes(foregroundFinalizer);
}

/** Whoever asked for orphans or order before the owner went still gets them. */
function policyOf({ finalizers = [] }: ObjectMeta): DeleteOptions['propagation'] {
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
}
