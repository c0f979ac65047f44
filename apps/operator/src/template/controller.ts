import { isDeepStrictEqual } from 'node:util';
import { fieldManagers } from '@vdi/api';
import {
  type Controller,
  createController,
  createWriter,
  type Reconcile,
  type Runtime,
  settled,
  watchObjects,
  type Writer,
} from '@vdi/controller';
import type { Caches } from '../caches.ts';
import type { OperatorSettings } from '../settings.ts';
import { templateStatus } from './template-status.ts';

/** Says of every VDITemplate whether sessions of it may start: before anybody tries. */
export function createTemplateController(runtime: Runtime, caches: Caches, settings: OperatorSettings): Controller {
  const writer = createWriter(runtime, { fieldManager: fieldManagers.template });
  return createController(runtime, {
    name: 'template',
    watches: [watchObjects(caches.templates)],
    reconcile: templateReconciler(runtime, { caches, settings, writer }),
    concurrency: 2,
    writer,
  });
}

interface TemplatePorts {
  readonly caches: Caches;
  readonly settings: OperatorSettings;
  readonly writer: Writer;
}

function templateReconciler({ clock }: Runtime, { caches, settings, writer }: TemplatePorts): Reconcile {
  return async (key, signal) => {
    const template = caches.templates.cache.get(key);
    if (template === undefined || template.metadata.deletionTimestamp !== undefined) return settled;
    const status = templateStatus(template, settings, clock.now());
    if (isDeepStrictEqual(status, template.status)) return settled;
    const { apiVersion, kind, metadata, spec } = template;
    await writer.applyStatus(caches.templates, { apiVersion, kind, metadata, spec, status }, { signal });
    return settled;
  };
}
