import { timestamp } from '../clock.ts';
import { trackUpdate } from '../patch/index.ts';
import type { KubernetesObject, ObjectMeta } from '../resource/resource.ts';
import { strategyOf } from '../strategy/strategies.ts';
import { admitted } from './admitted.ts';
import { checkEnvelope } from './check-envelope.ts';
import { alreadyExists, badRequest, forbidden, invalid, methodNotAllowed, notFound } from './errors.ts';
import { type CollectionRef, type ObjectRef, objectKey } from './object-ref.ts';
import { presented, storable } from './presented.ts';
import type { Registry, WriteOptions } from './registry.ts';

const generateAttempts = 8;
const maxGeneratedPrefix = 58;

/** `POST` of a new object, or the creating half of an apply (which brings its own managedFields: `isApply`). */
export function createObject(
  registry: Registry,
  collection: CollectionRef,
  proposed: KubernetesObject,
  options: WriteOptions & { readonly isApply?: boolean },
): KubernetesObject {
  checkEnvelope(collection, proposed);
  if ((proposed.metadata.resourceVersion ?? '') !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  const ref = freeRef(registry, collection, proposed);
  checkNamespace(registry, ref);
  checkDefinition(registry, ref);
  const now = registry.clock.now();
  const strategy = strategyOf(ref.resource);
  const withIdentity = { ...withoutStatus(ref, proposed), metadata: newMetadata(registry, ref, proposed, now) };
  const prepared = strategy.prepareCreate?.(withIdentity, registry) ?? withIdentity;
  const object = admitted(registry, ref, prepared, undefined, { ...options, subresource: undefined });
  if (registry.log.get(objectKey(ref)) !== undefined) throw alreadyExists(ref.resource, ref.name);
  const tracked =
    options.isApply === true
      ? object
      : trackUpdate({
          resource: ref.resource,
          before: undefined,
          after: object,
          manager: options.fieldManager,
          subresource: undefined,
          now,
        });
  if (options.dryRun) return tracked;
  return presented(ref.resource, registry.log.write(objectKey(ref), storable(ref.resource, tracked), 0).object);
}

function freeRef(
  registry: Registry,
  { resource, namespace }: CollectionRef,
  { metadata }: KubernetesObject,
): ObjectRef {
  const name = nameAt(metadata, 'name');
  const generateName = nameAt(metadata, 'generateName');
  if (name !== '') return { resource, namespace, name };
  if (generateName === '') {
    throw invalid(resource, '', [
      {
        type: 'FieldValueRequired',
        field: 'metadata.name',
        message: 'Required value: name or generateName is required',
      },
    ]);
  }
  for (let attempt = 0; attempt < generateAttempts; attempt += 1) {
    const name = generateName.slice(0, maxGeneratedPrefix) + registry.identifiers.suffix();
    if (registry.log.get(objectKey({ resource, namespace, name })) === undefined) return { resource, namespace, name };
  }
  throw alreadyExists(resource, generateName);
}

function nameAt(metadata: ObjectMeta, field: 'name' | 'generateName'): string {
  // As the client sent it: nobody has looked at its type yet.
  const name: unknown = metadata[field] ?? '';
  if (typeof name !== 'string') throw badRequest(`metadata.${field}: Invalid value: must be a string; quote it`);
  return name;
}

function checkNamespace(registry: Registry, { resource, namespace, name }: ObjectRef): void {
  if (!resource.namespaced) return;
  const namespaces = { group: '', plural: 'namespaces' };
  const found = registry.log.get(`/core/namespaces//${namespace}`);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (found.object.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(resource, name, why, [
    {
      type: 'NamespaceTerminating',
      field: 'metadata.namespace',
      message: `namespace ${namespace} is being terminated`,
    },
  ]);
}

function checkDefinition(registry: Registry, { resource }: ObjectRef): void {
  if (resource.origin !== 'custom') return;
  const key = `/apiextensions.k8s.io/customresourcedefinitions//${resource.plural}.${resource.group}`;
  if (registry.log.get(key)?.object.metadata.deletionTimestamp === undefined) return;
  throw methodNotAllowed('create not allowed while custom resource definition is terminating');
}

function newMetadata(registry: Registry, ref: ObjectRef, { metadata }: KubernetesObject, now: Date): ObjectMeta {
  const {
    deletionTimestamp: _deletionTimestamp,
    deletionGracePeriodSeconds: _deletionGracePeriodSeconds,
    generation: _generation,
    namespace: _namespace,
    resourceVersion: _resourceVersion,
    selfLink: _selfLink,
    ...given
  } = metadata as ObjectMeta & { readonly selfLink?: string };
  return {
    ...given,
    name: ref.name,
    ...(ref.namespace === '' ? {} : { namespace: ref.namespace }),
    uid: registry.identifiers.uid(),
    creationTimestamp: timestamp(now),
    ...(strategyOf(ref.resource).countsGenerations === true ? { generation: 1 } : {}),
  };
}

function withoutStatus({ resource }: ObjectRef, proposed: KubernetesObject): KubernetesObject {
  const hasStatus = resource.subresources.some(({ name }) => name === 'status');
  if (!hasStatus || strategyOf(resource).keepsStatusOnCreate === true) return proposed;
  const { status: _status, ...rest } = proposed;
  return rest;
}
