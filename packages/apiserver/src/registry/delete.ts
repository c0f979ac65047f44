import { timestamp } from '../clock.ts';
import type { KubernetesObject, ObjectMeta, Resource } from '../resource/resource.ts';
import type { StoredObject } from '../storage/revision-log.ts';
import { strategyOf } from '../strategy/strategies.ts';
import type { DeleteOptions } from './delete-options.ts';
import { conflict, forbidden, notFound } from './errors.ts';
import { type ObjectRef, objectKey } from './object-ref.ts';
import { presented, storable } from './presented.ts';
import type { Registry } from './registry.ts';
import { remainingFinalizers } from './remaining-finalizers.ts';

/** Finalizers that ask the garbage collector to act before the object goes. */
export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export interface Deletion {
  readonly object: KubernetesObject;
  /** False: it waits for finalizers or for its grace period. */
  readonly isGone: boolean;
}

/** `DELETE`: removes an object at once, or marks it when something has to happen before. */
export function deleteObject(registry: Registry, ref: ObjectRef, options: DeleteOptions): Deletion {
  const stored = registry.log.get(objectKey(ref));
  if (stored === undefined) throw notFound(ref.resource, ref.name);
  const live = presented(ref.resource, stored.object);
  checkPreconditions(ref, live.metadata, options.preconditions);
  const refusal = strategyOf(ref.resource).refusesDeletion?.(live);
  if (refusal !== undefined) throw forbidden(ref.resource, ref.name, refusal);
  const grace = strategyOf(ref.resource).gracePeriodSeconds?.(live, options.gracePeriodSeconds) ?? 0;
  const marked = mark(registry, ref.resource, live, { ...options, grace });
  if (grace === 0 && remainingFinalizers(ref.resource, marked).length === 0) {
    if (options.dryRun) return { object: live, isGone: true };
    const { object } = registry.log.write(stored.key, undefined, stored.revision);
    return { object: presented(ref.resource, object), isGone: true };
  }
  if (options.dryRun || marked === live) return { object: marked, isGone: false };
  return { object: rewrite(registry, ref.resource, stored, marked), isGone: false };
}

function rewrite(registry: Registry, resource: Resource, stored: StoredObject, object: KubernetesObject) {
  return presented(resource, registry.log.write(stored.key, storable(resource, object), stored.revision).object);
}

function checkPreconditions(ref: ObjectRef, live: ObjectMeta, expected: DeleteOptions['preconditions']): void {
  const { resource, name } = ref;
  if (expected.uid !== undefined && expected.uid !== live.uid) {
    const why = `Precondition failed: UID in precondition: ${expected.uid}, UID in object meta: ${live.uid}`;
    throw conflict(resource, name, why);
  }
  if (expected.resourceVersion !== undefined && expected.resourceVersion !== live.resourceVersion) {
    const why =
      'the ResourceVersion in the precondition ' +
      `(${expected.resourceVersion}) does not match the ResourceVersion in record (${live.resourceVersion}). The object might have been modified`;
    throw conflict(resource, name, why);
  }
}

/** The object with what a waiting deletion leaves on it; the same object if nothing changes. */
function mark(
  registry: Registry,
  resource: Resource,
  live: KubernetesObject,
  options: DeleteOptions & { readonly grace: number },
): KubernetesObject {
  const finalizers = withPropagation(live.metadata.finalizers, options.propagation);
  const isFirst = live.metadata.deletionTimestamp === undefined;
  const isSooner = options.grace < (live.metadata.deletionGracePeriodSeconds ?? 0);
  if (!isFirst && !isSooner && finalizers === live.metadata.finalizers) return live;
  const { generation } = live.metadata;
  const deadline = new Date(registry.clock.now().getTime() + options.grace * 1000);
  const metadata: ObjectMeta = {
    ...live.metadata,
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(isFirst || isSooner
      ? { deletionTimestamp: timestamp(deadline), deletionGracePeriodSeconds: options.grace }
      : {}),
    // Whoever runs the object has to change what it does, as after a change of spec.
    ...(isFirst && generation !== undefined ? { generation: generation + 1 } : {}),
  };
  const marked = { ...live, metadata };
  return isFirst ? (strategyOf(resource).prepareDelete?.(marked, registry) ?? marked) : marked;
}

/** The newest wish about dependents replaces an older one; the same array if that is no change. */
function withPropagation(
  finalizers: readonly string[] | undefined,
  propagation: DeleteOptions['propagation'],
): readonly string[] | undefined {
  if (propagation === undefined) return finalizers;
  const before = finalizers ?? [];
  const others = before.filter((finalizer) => finalizer !== foregroundFinalizer && finalizer !== orphanFinalizer);
  const added = { Background: [], Foreground: [foregroundFinalizer], Orphan: [orphanFinalizer] }[propagation];
  const wanted = [...others, ...added];
  const isSame = wanted.length === before.length && wanted.every((finalizer) => before.includes(finalizer));
  return isSame ? finalizers : wanted;
}
