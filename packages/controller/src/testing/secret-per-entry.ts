import { builtinResources, type UntypedObject } from '@vdi/kube';
import {
  byOwnerUid,
  createController,
  createReflector,
  createWriter,
  keyOf,
  nameOfKey,
  type ObjectKey,
  requeueAfter,
  type Runtime,
  settled,
  watchObjects,
  watchOwned,
} from '../index.ts';

const { configMaps, secrets } = builtinResources;

/**
 * A small controller with everything that a real one has: for each entry of a ConfigMap it keeps a Secret of that name and
 * value, and it notes in an annotation how many there are.
 */
export function secretPerEntry(runtime: Runtime) {
  const maps = createReflector(runtime, { resource: configMaps });
  const children = createReflector(runtime, { resource: secrets, indexes: { owner: byOwnerUid } });
  const writer = createWriter(runtime, { fieldManager: 'secret-per-entry' });
  const controller = createController(runtime, {
    name: 'secret-per-entry',
    watches: [watchObjects(maps), watchOwned(children, configMaps)],
    writer,
    async reconcile(key, signal) {
      const map = maps.cache.get(key);
      if (map === undefined || map.metadata.deletionTimestamp !== undefined) return settled;
      const desired = desiredSecrets(key, map);
      for (const secret of desired) await writer.apply(children, secret, { signal });
      const candidates = children.cache.by('owner', map.metadata.uid ?? '');
      await writer.prune(children, { candidates, keep: new Set(desired.map(keyOf)) }, { signal });
      const annotations = { 'example.com/secrets': String(desired.length) };
      await writer.apply(maps, { metadata: { ...nameOfKey(key), annotations } }, { signal });
      return requeueAfter(3_600_000);
    },
  });
  return { maps, children, writer, controller };
}

function desiredSecrets(key: ObjectKey, map: UntypedObject): readonly UntypedObject[] {
  const { namespace = '', name } = nameOfKey(key);
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name, uid: map.metadata.uid ?? '', controller: true };
  const entries = Object.entries((map['data'] ?? {}) as Readonly<Record<string, string>>);
  return entries.map(([entry, value]) => ({
    metadata: { name: entry, namespace, ownerReferences: [owner] },
    type: 'Opaque',
    data: { value: Buffer.from(value).toString('base64') },
  }));
}
