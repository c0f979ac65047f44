import type { KubernetesObject } from '../resource/resource.ts';
import { RevisionCompacted, type StoredObject } from '../storage/revision-log.ts';
import { type ContinueToken, decodeContinueToken, encodeContinueToken } from './continue-token.ts';
import { badRequest, expired, notFound, tooLargeResourceVersion } from './errors.ts';
import { contradiction, type ListOptions } from './list-options.ts';
import { type CollectionRef, type ObjectRef, collectionPrefix, objectKey } from './object-ref.ts';
import { presented } from './presented.ts';
import type { Registry } from './registry.ts';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

export interface ObjectList {
  readonly metadata: ListMeta;
  readonly items: readonly KubernetesObject[];
}

export function getObject(registry: Registry, ref: ObjectRef): KubernetesObject {
  const stored = registry.log.get(objectKey(ref));
  if (stored === undefined) throw notFound(ref.resource, ref.name);
  return presented(ref.resource, stored.object);
}

/** One page of a collection, all of one moment. Throws 410 if that moment is no longer known. */
export function listObjects(registry: Registry, collection: CollectionRef, options: ListOptions): ObjectList {
  const token = options.continueToken === undefined ? undefined : decodeContinueToken(options.continueToken);
  const prefix = collectionPrefix(collection);
  if (token !== undefined && !token.startAfter.startsWith(prefix)) {
    throw badRequest('continue key is not valid: it is from the list of another collection');
  }
  const revision = revisionToList(registry, options, token);
  const candidates = readFrom(registry, collection, { revision, token, onlyName: options.onlyName });
  return pageOf(collection, candidates, revision, options);
}

function pageOf(
  { resource }: CollectionRef,
  candidates: readonly StoredObject[],
  revision: number,
  options: ListOptions,
): ObjectList {
  const items: KubernetesObject[] = [];
  const limit = options.limit ?? Number.POSITIVE_INFINITY;
  let last = 0;
  let hasMore = false;
  for (const [index, { object }] of candidates.entries()) {
    const item = presented(resource, object);
    if (!options.selects(item)) continue;
    if (items.length === limit) {
      hasMore = true;
      break;
    }
    items.push(item);
    last = index;
  }
  const resourceVersion = String(revision);
  const startAfter = candidates[last]?.key;
  if (!hasMore || startAfter === undefined) return { metadata: { resourceVersion }, items };
  return {
    metadata: {
      resourceVersion,
      continue: encodeContinueToken({ revision, startAfter }),
      // How many of the rest match a selector would have to be counted by reading all.
      ...(options.isSelective ? {} : { remainingItemCount: candidates.length - items.length }),
    },
    items,
  };
}

function readFrom(
  registry: Registry,
  collection: CollectionRef,
  at: { readonly revision: number; readonly token: ContinueToken | undefined; readonly onlyName: string | undefined },
): readonly StoredObject[] {
  const { namespace, resource } = collection;
  const isOne = at.onlyName !== undefined && (namespace !== '' || !resource.namespaced);
  if (isOne && at.revision === registry.log.revision && at.token === undefined) {
    const stored = registry.log.get(objectKey({ resource, namespace, name: at.onlyName ?? '' }));
    return stored === undefined ? [] : [stored];
  }
  try {
    const { revision, token } = at;
    return registry.log.list(collectionPrefix(collection), {
      revision,
      ...(token === undefined ? {} : { startAfter: token.startAfter }),
    }).items;
  } catch (cause) {
    if (!(cause instanceof RevisionCompacted)) throw cause;
    throw at.token === undefined ? tooOld(registry, at.revision) : tooOldToContinue(at.token);
  }
}

function revisionToList({ log }: Registry, options: ListOptions, token: ContinueToken | undefined): number {
  const { resourceVersion, resourceVersionMatch: match, limit } = options;
  if (match !== undefined && token !== undefined) {
    throw contradiction('resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden when continue is provided');
  }
  if (match !== undefined && resourceVersion === undefined) {
    throw contradiction(
      'resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (match === 'Exact' && resourceVersion === 0) {
    throw contradiction(
      'resourceVersionMatch: Forbidden: resourceVersionMatch "Exact" is forbidden for resourceVersion "0"',
    );
  }
  if (token !== undefined) {
    if ((resourceVersion ?? 0) !== 0) {
      throw badRequest('specifying resource version is not allowed when using continue');
    }
    return token.revision ?? log.revision;
  }
  if (resourceVersion === undefined || resourceVersion === 0) return log.revision;
  if (resourceVersion > log.revision) throw tooLargeResourceVersion(resourceVersion, log.revision);
  // A page of a stated version without a stated match is of exactly that version, so that pages fit together.
  const isExact = match === 'Exact' || (match === undefined && limit !== undefined);
  return isExact ? resourceVersion : log.revision;
}

function tooOld({ log }: Registry, revision: number) {
  return expired(`The resourceVersion for the provided list is too old: ${revision} (${log.compactedRevision})`);
}

function tooOldToContinue({ startAfter }: ContinueToken) {
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
    encodeContinueToken({ revision: undefined, startAfter }),
  );
}
