import type { Logger } from '@vdi/telemetry';
import { foregroundFinalizer, orphanFinalizer } from '../registry/delete.ts';
import type { Registry } from '../registry/registry.ts';
import { WorkQueue } from '../lifecycle/work-queue.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import type { Change } from '../storage/revision-log.ts';
import { Collection } from './collection.ts';
import { OwnerGraph, ownersOf } from './owner-graph.ts';

/**
 * Deletes objects whose owners are all gone, and lets go of owners that wait for their dependents
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/). Owners are matched by UID. Driven by the log:
 * each change says which objects to look at again.
 */
export function startGarbageCollector(registry: Registry, logger: Logger): Disposable {
  const { log, clock } = registry;
  const graph = new OwnerGraph();
  const queue: WorkQueue = new WorkQueue((key) => collection.look(key), { clock, logger });
  const collection = new Collection({ registry, graph, logger, lookAgain: (key) => queue.add(key) });
  for (const { key, object } of log.list('/').items) {
    graph.add(key, object);
    if (concernsCollector(object)) queue.add(key);
  }
  const stop = log.subscribe((change) => {
    graph.apply(change);
    for (const key of concerned(change, graph)) queue.add(key);
  });
  return {
    [Symbol.dispose]() {
      stop();
      queue[Symbol.dispose]();
    },
  };
}

function concernsCollector({ metadata }: KubernetesObject): boolean {
  return ownersOf(metadata).length > 0 || waitsForDependents(metadata);
}

function waitsForDependents({ deletionTimestamp, finalizers = [] }: KubernetesObject['metadata']): boolean {
  const asks = finalizers.includes(foregroundFinalizer) || finalizers.includes(orphanFinalizer);
  return deletionTimestamp !== undefined && asks;
}

/** Keys of the objects for which a change may make a difference. */
function concerned({ key, type, object, previous }: Change, graph: OwnerGraph): readonly string[] {
  const formerOwners = previous === undefined ? [] : ownersOf(previous.metadata);
  // An owner that waits may have waited for this one.
  const owners = formerOwners.flatMap(({ uid }) => graph.keyOf(uid) ?? []);
  if (type === 'deleted') return [...owners, ...graph.dependentsOf(object.metadata.uid)];
  const hasSameOwners = sameOwners(object, previous);
  const hasNewOwners = !hasSameOwners && ownersOf(object.metadata).length > 0;
  const self = hasNewOwners || waitsForDependents(object.metadata) ? [key] : [];
  return [...self, ...(hasSameOwners ? [] : owners)];
}

function sameOwners(object: KubernetesObject, previous: KubernetesObject | undefined): boolean {
  return JSON.stringify(object.metadata.ownerReferences) === JSON.stringify(previous?.metadata.ownerReferences);
}
