import { isDeepStrictEqual } from 'node:util';
import { trackUpdate } from '../patch/index.ts';
import type { KubernetesObject, ObjectMeta } from '../resource/resource.ts';
import type { StoredObject } from '../storage/revision-log.ts';
import { strategyOf } from '../strategy/strategies.ts';
import { admitted } from './admitted.ts';
import { checkEnvelope } from './check-envelope.ts';
import { conflict, invalid, notFound, objectWasModified } from './errors.ts';
import { type ObjectRef, objectKey } from './object-ref.ts';
import { presented, storable } from './presented.ts';
import type { Registry, WriteOptions } from './registry.ts';
import { remainingFinalizers } from './remaining-finalizers.ts';

export interface UpdateOptions extends WriteOptions {
  readonly subresource: string | undefined;
  /** The change brings its own managedFields. */
  readonly isApply?: boolean;
  /** A whole object replaces the stored one, rather than a change of it. */
  readonly isReplacement?: boolean;
}

/** Reads an object, changes it and writes it back, as `PUT` and `PATCH` do. Writes nothing if nothing changed. */
export function updateObject(
  registry: Registry,
  ref: ObjectRef,
  change: (live: KubernetesObject) => KubernetesObject,
  options: UpdateOptions,
): KubernetesObject {
  const { resource } = ref;
  const stored = registry.log.get(objectKey(ref));
  if (stored === undefined) throw notFound(resource, ref.name);
  const live = presented(resource, stored.object);
  const proposed = change(live);
  checkEnvelope(ref, proposed, ref.name);
  checkPreconditions(ref, proposed.metadata, live.metadata, options);
  const isolated = isolate(ref, proposed, live, options);
  const strategy = strategyOf(resource);
  const prepared =
    options.subresource === undefined ? (strategy.prepareUpdate?.(isolated, live, registry) ?? isolated) : isolated;
  const object = counted(ref, admitted(registry, ref, prepared, live, options), live);
  const tracked = options.isApply === true ? object : track(registry, ref, { live, object }, options);
  if (isSame(tracked, live)) return live;
  if (options.dryRun) return tracked;
  return settle(registry, ref, stored, tracked);
}

/** Stores a changed object; of one that is being deleted and has nothing left to wait for, stores the deletion. */
export function settle(registry: Registry, ref: ObjectRef, stored: StoredObject, object: KubernetesObject) {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
  const isDone =
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    remainingFinalizers(ref.resource, object).length === 0;
  const next = isDone ? undefined : storable(ref.resource, object);
  return presented(ref.resource, registry.log.write(stored.key, next, stored.revision).object);
}

function track(
  registry: Registry,
  { resource }: ObjectRef,
  { live, object }: { readonly live: KubernetesObject; readonly object: KubernetesObject },
  { fieldManager, subresource }: UpdateOptions,
): KubernetesObject {
  return trackUpdate({
    resource,
    before: live,
    after: object,
    manager: fieldManager,
    now: registry.clock.now(),
    subresource,
  });
}

function checkPreconditions(ref: ObjectRef, proposed: ObjectMeta, live: ObjectMeta, options: UpdateOptions): void {
  const { resource, name } = ref;
  if (proposed.uid !== undefined && proposed.uid !== '' && proposed.uid !== live.uid) {
    const why = `Precondition failed: UID in precondition: ${proposed.uid}, UID in object meta: ${live.uid}`;
    throw conflict(resource, name, why);
  }
  const { resourceVersion = '' } = proposed;
  if (resourceVersion !== '') {
    if (resourceVersion !== live.resourceVersion) throw conflict(resource, name, objectWasModified);
  } else if (options.isReplacement === true && strategyOf(resource).requiresResourceVersion === true) {
    throw invalid(resource, name, [
      {
        type: 'FieldValueInvalid',
        field: 'metadata.resourceVersion',
        message: 'Invalid value: 0: must be specified for an update',
      },
    ]);
  }
}

/** Writers of status change nothing else, and the other way round. What the server owns of the metadata stays. */
function isolate(
  { resource }: ObjectRef,
  proposed: KubernetesObject,
  live: KubernetesObject,
  { subresource }: UpdateOptions,
): KubernetesObject {
  if (subresource === 'status') {
    const { status: _status, ...rest } = live;
    const { labels, annotations, managedFields } = proposed.metadata;
    // Of custom resources a status write changes no metadata; of built-in ones, labels and annotations.
    const metadata = resource.origin === 'custom' ? { managedFields } : { labels, annotations, managedFields };
    const isCleared = proposed['status'] === undefined;
    return {
      ...rest,
      metadata: defined({ ...live.metadata, ...metadata }),
      ...(isCleared ? {} : { status: proposed['status'] }),
    };
  }
  if (subresource === 'binding') return proposed;
  if (subresource === 'finalize') return { ...live, spec: proposed['spec'] };
  const {
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    generateName,
    name,
    namespace,
    resourceVersion,
  } = live.metadata;
  const owned = {
    uid,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
    generateName,
    name,
    namespace,
    resourceVersion,
  };
  const metadata = defined({ ...proposed.metadata, ...owned });
  if (!resource.subresources.some(({ name }) => name === 'status')) return { ...proposed, metadata };
  const { status: _status, ...rest } = proposed;
  return { ...rest, metadata, ...(live['status'] === undefined ? {} : { status: live['status'] }) };
}

/** `generation` counts changes outside metadata and status. */
function counted({ resource }: ObjectRef, object: KubernetesObject, live: KubernetesObject): KubernetesObject {
  if (strategyOf(resource).countsGenerations !== true) return object;
  if (isDeepStrictEqual(desiredState(object), desiredState(live))) return object;
  return { ...object, metadata: { ...object.metadata, generation: (live.metadata.generation ?? 0) + 1 } };
}

function desiredState({ apiVersion: _apiVersion, metadata: _metadata, status: _status, ...rest }: KubernetesObject) {
  return rest;
}

/** That a manager did the same again a moment later is no change. */
function isSame(a: KubernetesObject, b: KubernetesObject): boolean {
  return isDeepStrictEqual(withoutTimes(a), withoutTimes(b));
}

function withoutTimes(object: KubernetesObject): object {
  const managedFields = object.metadata.managedFields?.map(({ time: _time, ...entry }) => entry);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function defined(metadata: Readonly<Record<string, unknown>>): ObjectMeta {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined));
}
