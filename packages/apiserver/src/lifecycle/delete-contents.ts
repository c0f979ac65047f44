import { deleteObject } from '../registry/delete.ts';
import { type CollectionRef, collectionPrefix, refOf } from '../registry/object-ref.ts';
import { presented } from '../registry/presented.ts';
import type { Registry } from '../registry/registry.ts';

/** Deletes what a collection holds; false as long as something of it is left, waiting for its finalizers or its node. */
export function deleteContents(registry: Registry, collection: CollectionRef): boolean {
  const { resource } = collection;
  for (const { object } of registry.log.list(collectionPrefix(collection)).items) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    deleteObject(registry, refOf(resource, presented(resource, object)), {
      preconditions: {},
      propagation: 'Background',
      gracePeriodSeconds: undefined,
      dryRun: false,
    });
  }
  return registry.log.list(collectionPrefix(collection), { limit: 1 }).items.length === 0;
}
