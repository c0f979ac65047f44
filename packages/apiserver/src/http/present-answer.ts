import { apiVersionOf } from '../catalog/catalog.ts';
import { badRequest } from '../registry/errors.ts';
import type { ListMeta, ObjectList } from '../registry/read.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { toTable } from '../table/table.ts';
import type { WatchEvent } from '../watch/watch-event.ts';
import type { Form } from './accept.ts';
import { jsonText } from './answer.ts';

/** How a client wants objects to be shown. */
export interface Presentation {
  readonly form: Form;
  readonly includeObject: 'None' | 'Metadata' | 'Object';
  readonly now: Date;
}

/** Throws 400. */
export function presentationOf(form: Form, query: URLSearchParams, now: Date): Presentation {
  const includeObject = query.get('includeObject') || 'Metadata';
  if (includeObject !== 'None' && includeObject !== 'Metadata' && includeObject !== 'Object') {
    throw badRequest(`includeObject: Unsupported value: "${includeObject}": supported values: None, Metadata, Object`);
  }
  return { form, includeObject, now };
}

export function objectText(resource: Resource, object: KubernetesObject, how: Presentation): string {
  switch (how.form) {
    case 'Table':
      return tableText(resource, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }, how);
    case 'PartialObjectMetadata':
      return JSON.stringify(partial(object));
    case 'Object':
    case 'Discovery':
      return jsonText(object);
    default:
      return how.form satisfies never;
  }
}

export function listText(resource: Resource, { items, metadata }: ObjectList, how: Presentation): string {
  if (how.form === 'Table') return tableText(resource, items, metadata, how);
  if (how.form === 'PartialObjectMetadata') {
    const kind = 'PartialObjectMetadataList';
    return JSON.stringify({ kind, apiVersion: 'meta.k8s.io/v1', metadata, items: items.map(partial) });
  }
  const head = JSON.stringify({ kind: resource.listKind, apiVersion: apiVersionOf(resource), metadata });
  return `${head.slice(0, -1)},"items":[${items.map(jsonText).join(',')}]}`;
}

export function eventText(resource: Resource, { type, object }: WatchEvent, how: Presentation): string {
  const isObject = type !== 'ERROR';
  const text = isObject ? watchedText(resource, object as KubernetesObject, type, how) : JSON.stringify(object);
  return `{"type":"${type}","object":${text}}`;
}

function watchedText(
  resource: Resource,
  object: KubernetesObject,
  type: WatchEvent['type'],
  how: Presentation,
): string {
  // A bookmark is no row: its Table carries the version alone.
  if (type === 'BOOKMARK' && how.form === 'Table') {
    return tableText(resource, [], { resourceVersion: object.metadata.resourceVersion ?? '' }, how);
  }
  return objectText(resource, object, how);
}

function tableText(
  resource: Resource,
  objects: readonly KubernetesObject[],
  listMeta: ListMeta,
  { now, includeObject }: Presentation,
): string {
  return JSON.stringify(toTable(resource, objects, { listMeta, now, includeObject }));
}

function partial({ metadata }: KubernetesObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
