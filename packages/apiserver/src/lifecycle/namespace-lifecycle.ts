import type { Logger } from '@vdi/telemetry';
import { refOf, resourcePrefix } from '../registry/object-ref.ts';
import type { Registry } from '../registry/registry.ts';
import { settle } from '../registry/update.ts';
import type { Resource } from '../resource/resource.ts';
import { contentFinalizer } from '../strategy/namespace.ts';
import { deleteContents } from './delete-contents.ts';
import { WorkQueue } from './work-queue.ts';

const namespaces = { group: '', plural: 'namespaces' };

/** Empties a namespace that is being deleted, then lets it go. */
export function startNamespaceLifecycle(registry: Registry, logger: Logger): Disposable {
  const { log, catalog, clock } = registry;
  const prefix = resourcePrefix(namespaces);
  const queue = new WorkQueue(
    (key) => {
      const stored = log.get(key);
      const resource = catalog.find('', 'v1', 'namespaces');
      if (stored?.object.metadata.deletionTimestamp === undefined || resource === undefined) return;
      const ref = refOf(resource, stored.object);
      const isEmpty = namespaced(catalog.stored())
        .map((contents) => deleteContents(registry, { resource: contents, namespace: ref.name }))
        .every(Boolean);
      if (!isEmpty) return;
      const spec = (stored.object['spec'] ?? {}) as { readonly finalizers?: readonly string[] };
      if (spec.finalizers?.includes(contentFinalizer) !== true) return;
      const finalizers = spec.finalizers.filter((finalizer) => finalizer !== contentFinalizer);
      settle(registry, ref, stored, { ...stored.object, spec: { ...spec, finalizers } });
      logger.info({ namespace: ref.name }, 'Emptied namespace');
    },
    { clock, logger },
  );

  for (const { key } of log.list(prefix).items) queue.add(key);
  const stop = log.subscribe(({ key, type }) => {
    if (key.startsWith(prefix)) queue.add(key);
    else if (type === 'deleted') {
      const namespace = key.split('/', 4)[3] ?? '';
      if (namespace !== '') queue.add(`${prefix}/${namespace}`);
    }
  });
  return {
    [Symbol.dispose]() {
      stop();
      queue[Symbol.dispose]();
    },
  };
}

function namespaced(resources: readonly Resource[]): readonly Resource[] {
  return resources.filter((resource) => resource.namespaced);
}
