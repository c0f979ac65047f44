import { unionFieldSets } from './field-set.ts';
import { managerIdentity, unixSeconds, type Manager, type Managers } from './managed-fields.ts';

const maxUpdateManagers = 10;
const ancientManager = 'ancient-changes';

/**
 * Bounds the entries of updates to ten, as Kubernetes does: the oldest of each API version are merged into one entry
 * called `ancient-changes`. Appliers are never merged.
 */
export function capUpdateManagers(managers: Managers): Managers {
  const oldestFirst = [...managers].filter(([, manager]) => manager.operation === 'Update').sort(compareByAge);
  let excess = oldestFirst.length - maxUpdateManagers;
  if (excess <= 0) return managers;
  const capped = new Map(managers);
  const firstOfVersion = new Map<string, readonly [string, Manager]>();
  for (const [identity, manager] of oldestFirst) {
    if (excess <= 0) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, [identity, manager]);
      continue;
    }
    const [firstIdentity, oldest] = first;
    const bucket: Manager = { ...oldest, name: ancientManager, subresource: undefined, time: manager.time };
    const merged = { ...bucket, fields: unionFieldSets(oldest.fields, manager.fields) };
    const bucketIdentity = managerIdentity(bucket);
    capped.delete(firstIdentity);
    capped.delete(identity);
    capped.set(bucketIdentity, merged);
    firstOfVersion.set(manager.apiVersion, [bucketIdentity, merged]);
    excess--;
  }
  return capped;
}

function compareByAge([leftIdentity, left]: readonly [string, Manager], right: readonly [string, Manager]): number {
  const [rightIdentity, { time }] = right;
  return unixSeconds(left.time) - unixSeconds(time) || (leftIdentity < rightIdentity ? -1 : 1);
}
