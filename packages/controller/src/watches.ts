import type { KubeObject, KubeResource } from '@vdi/kube';
import type { Change } from './change.ts';
import { keyOf, keyOfName, type ObjectKey } from './object-key.ts';
import type { Reflector } from './reflector.ts';

/** What wakes a controller: starts calling `enqueue` with keys; returns the way to stop. */
export type Watch = (enqueue: (key: ObjectKey) => void) => () => void;

/** The part of a reflector that tells of changes, whatever its indexes. */
type Source<T extends KubeObject> = Pick<Reflector<T>, 'onChange'>;

/** Wakes each object by its own changes. */
export function watchObjects<T extends KubeObject>(reflector: Source<T>): Watch {
  return watchMapped(reflector, (object) => [keyOf(object)]);
}

/** Wakes the owner, of kind `owner`, that controls the object which changed. A namespaced owner is in its namespace. */
export function watchOwned<T extends KubeObject>(reflector: Source<T>, owner: KubeResource): Watch {
  return watchMapped(reflector, ({ metadata: { namespace, ownerReferences } }) => {
    const reference = ownerReferences?.find(({ controller }) => controller === true);
    if (reference === undefined || reference.kind !== owner.kind || groupOf(reference.apiVersion) !== owner.group) {
      return [];
    }
    return [keyOfName({ name: reference.name, ...(owner.namespaced && namespace !== undefined && { namespace }) })];
  });
}

/** Wakes the keys that `keysOf` finds for an object that changed, as it is and, if it was another before, as it was. */
export function watchMapped<T extends KubeObject>(
  reflector: Source<T>,
  keysOf: (object: T) => readonly ObjectKey[],
): Watch {
  return (enqueue) =>
    reflector.onChange((change) => {
      for (const object of objectsOf(change)) for (const key of keysOf(object)) enqueue(key);
    });
}

function objectsOf<T extends KubeObject>(change: Change<T>): readonly T[] {
  return change.type === 'updated' ? [change.object, change.previous] : [change.object];
}

/** `apps/v1` → `apps`; `v1` → the core group. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
