import type { Logger } from '@vdi/telemetry';
import { refOf, resourcePrefix } from '../registry/object-ref.ts';
import type { Registry } from '../registry/registry.ts';
import { settle } from '../registry/update.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { cleanupFinalizer } from '../strategy/custom-resource-definition.ts';
import { deleteContents } from './delete-contents.ts';
import { WorkQueue } from './work-queue.ts';

const definitions = { group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions' };

/** Deletes the objects of a CustomResourceDefinition that is being deleted, then lets it go. */
export function startDefinitionLifecycle(registry: Registry, logger: Logger): Disposable {
  const { log, catalog, clock } = registry;
  const prefix = resourcePrefix(definitions);
  const queue = new WorkQueue(
    (key) => {
      const stored = log.get(key);
      const resource = catalog.find(definitions.group, 'v1', definitions.plural);
      if (stored?.object.metadata.deletionTimestamp === undefined || resource === undefined) return;
      const { finalizers = [] } = stored.object.metadata;
      if (!finalizers.includes(cleanupFinalizer)) return;
      const { group, plural } = namesOf(stored.object);
      const served = catalog.all.find((resource) => resource.group === group && resource.plural === plural);
      if (served !== undefined && !deleteContents(registry, { resource: served, namespace: '' })) return;
      const remaining = finalizers.filter((finalizer) => finalizer !== cleanupFinalizer);
      const metadata = { ...stored.object.metadata, finalizers: remaining };
      settle(registry, refOf(resource, stored.object), stored, { ...stored.object, metadata });
      logger.info({ definition: stored.object.metadata.name }, 'Deleted the objects of a definition');
    },
    { clock, logger },
  );

  for (const { key } of log.list(prefix).items) queue.add(key);
  const stop = log.subscribe(({ key, type }) => {
    if (key.startsWith(prefix)) queue.add(key);
    else if (type === 'deleted') {
      const [, group = '', plural = ''] = key.split('/', 3);
      const definition = `${prefix}/${plural}.${group}`;
      if (log.get(definition) !== undefined) queue.add(definition);
    }
  });
  return {
    [Symbol.dispose]() {
      stop();
      queue[Symbol.dispose]();
    },
  };
}

function namesOf(definition: KubernetesObject): { readonly group: string; readonly plural: string } {
  const { group, names } = definition['spec'] as {
    readonly group: string;
    readonly names: { readonly plural: string };
  };
  return { group, plural: names.plural };
}
