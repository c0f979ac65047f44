import { applyJsonPatch, applyMergePatch } from '../patch/index.ts';
import { badRequest, methodNotAllowed } from '../registry/errors.ts';
import type { ObjectRef } from '../registry/object-ref.ts';
import { getObject } from '../registry/read.ts';
import { updateObject } from '../registry/update.ts';
import type { KubernetesObject, Subresource } from '../resource/resource.ts';
import { jsonAnswer } from './answer.ts';
import { type ResourceCall, type Server, writeOptionsOf } from './call.ts';
import { notServed } from './not-served.ts';
import { decodeBody, mediaTypeOf, readBody, unsupportedMediaType } from './request-body.ts';

type ScalePaths = NonNullable<Subresource['scale']>;

interface Scale {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec?: { readonly replicas?: unknown };
}

/** `autoscaling/v1` Scale: the replica counts of any kind, in one shape. */
export async function handleScale({ registry }: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const paths = ref.resource.subresources.find(({ name }) => name === 'scale')?.scale;
  if (paths === undefined) throw notServed();
  const { method } = call.request;
  if (method === 'GET') return jsonAnswer(scaleOf(getObject(registry, ref), paths));
  if (method !== 'PUT' && method !== 'PATCH') {
    throw methodNotAllowed('the server does not allow this method on scale');
  }
  const change = changeOf(await readBody(call.request), method, mediaTypeOf(call.request));
  const object = updateObject(registry, ref, (live) => scaled(live, change(scaleOf(live, paths)), paths), {
    ...writeOptionsOf(call),
    // The object itself changes: only its count of replicas is seen through this.
    subresource: undefined,
  });
  return jsonAnswer(scaleOf(object, paths));
}

function changeOf(text: string, method: string, mediaType: string): (scale: KubernetesObject) => Scale {
  if (method === 'PUT') {
    const replacement = decodeBody(text, mediaType) as Scale | null;
    return () => replacement ?? {};
  }
  const patch = decodeBody(text, 'application/json');
  switch (mediaType) {
    case 'application/json-patch+json':
      return (scale) => applyJsonPatch(scale, patch);
    case 'application/merge-patch+json':
    case 'application/strategic-merge-patch+json':
      // A Scale has no lists, so both mean the same.
      return (scale) => applyMergePatch(scale, patch);
    default:
      throw unsupportedMediaType(['application/json-patch+json', 'application/merge-patch+json']);
  }
}

function scaled(live: KubernetesObject, { metadata, spec }: Scale, paths: ScalePaths): KubernetesObject {
  const replicas = spec?.replicas ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw badRequest(`spec.replicas must be a whole number of at least 0, not ${JSON.stringify(replicas)}`);
  }
  const { resourceVersion = live.metadata.resourceVersion } = metadata ?? {};
  const withCount = withValueAt(live, segments(paths.specReplicasPath), replicas) as KubernetesObject;
  return { ...withCount, metadata: { ...live.metadata, ...(resourceVersion ? { resourceVersion } : {}) } };
}

function scaleOf(object: KubernetesObject, paths: ScalePaths): KubernetesObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = paths.labelSelectorPath === undefined ? undefined : valueAt(object, paths.labelSelectorPath);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: { replicas: valueAt(object, paths.specReplicasPath) ?? 0 },
    status: {
      replicas: valueAt(object, paths.statusReplicasPath) ?? 0,
      ...(selector === undefined ? {} : { selector: selectorText(selector) }),
    },
  };
}

/** Custom resources keep the selector as text, built-in kinds as an object. */
function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector;
  const { matchLabels, ...rest } = selector as { readonly matchLabels?: Readonly<Record<string, string>> };
  const labels = matchLabels ?? rest;
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}

function segments(path: string): readonly string[] {
  return path.split('.').filter((segment) => segment !== '');
}

function valueAt(object: KubernetesObject, path: string): unknown {
  let value: unknown = object;
  for (const segment of segments(path)) value = (value as Record<string, unknown> | null | undefined)?.[segment];
  return value;
}

function withValueAt(object: unknown, [first, ...rest]: readonly string[], value: unknown): unknown {
  if (first === undefined) return value;
  const fields = (object ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [first]: withValueAt(fields[first], rest, value) };
}
