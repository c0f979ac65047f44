import { ApiError } from '../api-error.ts';
import { applyJsonPatch, applyMergePatch, applyStrategicMergePatch, serverSideApply } from '../patch/index.ts';
import { checkEnvelope } from '../registry/check-envelope.ts';
import { createObject } from '../registry/create.ts';
import { badRequest, conflict } from '../registry/errors.ts';
import { type ObjectRef, objectKey } from '../registry/object-ref.ts';
import { presented } from '../registry/presented.ts';
import type { WriteOptions } from '../registry/registry.ts';
import { updateObject } from '../registry/update.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { negotiate } from './accept.ts';
import { jsonAnswer } from './answer.ts';
import { type ResourceCall, type Server, writeOptionsOf } from './call.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { objectText, presentationOf } from './present-answer.ts';
import { decodeBody, mediaTypeOf, readBody, unsupportedMediaType } from './request-body.ts';

const jsonPatch = 'application/json-patch+json';
const mergePatch = 'application/merge-patch+json';
const strategicMergePatch = 'application/strategic-merge-patch+json';
const apply = 'application/apply-patch+yaml';

/** `PATCH` in its four forms. Throws 415 for others: CBOR, and strategic merge of custom resources. */
export async function handlePatch(server: Server, call: ResourceCall, ref: ObjectRef): Promise<Response> {
  const mediaType = mediaTypeOf(call.request);
  const isBuiltin = ref.resource.origin === 'builtin';
  const accepted = [jsonPatch, mergePatch, ...(isBuiltin ? [strategicMergePatch] : []), apply];
  if (!accepted.includes(mediaType)) throw unsupportedMediaType(accepted);
  const text = await readBody(call.request);
  const patch = decodeBody(text, mediaType === apply ? apply : 'application/json');
  const options = writeOptionsOf(call, /^\s*\{/.test(text) ? duplicateFields(text) : []);
  const { object, isNew } =
    mediaType === apply
      ? applyObject(server, call, ref, patch, options)
      : { object: patchObject(server, call, ref, { mediaType, patch }, options), isNew: false };
  const { clock } = server.registry;
  const how = presentationOf(negotiate(call.request.headers.get('accept')), call.query, clock.now());
  return jsonAnswer(objectText(ref.resource, object, how), isNew ? 201 : 200);
}

function patchObject(
  { registry }: Server,
  call: ResourceCall,
  ref: ObjectRef,
  { mediaType, patch }: { readonly mediaType: string; readonly patch: unknown },
  options: WriteOptions,
): KubernetesObject {
  if (call.query.has('force')) throw badRequest('force: Forbidden: may not be specified for non-apply patch');
  const change = (live: KubernetesObject): KubernetesObject => {
    switch (mediaType) {
      case jsonPatch:
        return applyJsonPatch(live, patch) as KubernetesObject;
      case mergePatch:
        return applyMergePatch(live, patch) as KubernetesObject;
      default:
        return applyStrategicMergePatch(ref.resource.schema, live, patch) as KubernetesObject;
    }
  };
  return updateObject(registry, ref, change, { ...options, subresource: subresourceOf(call) });
}

/** Server-side apply; creates what is not there. */
function applyObject(
  { registry }: Server,
  call: ResourceCall,
  ref: ObjectRef,
  configuration: unknown,
  options: WriteOptions,
): { readonly object: KubernetesObject; readonly isNew: boolean } {
  const { resource, namespace, name } = ref;
  const subresource = subresourceOf(call);
  const applied = checkedConfiguration(ref, configuration, call);
  checkEnvelope(ref, applied, name);
  const merge = (live: KubernetesObject | undefined) =>
    serverSideApply({
      resource,
      live,
      applied,
      manager: options.fieldManager,
      force: call.query.get('force') === 'true',
      subresource,
      now: registry.clock.now(),
    }).object;
  const stored = registry.log.get(objectKey(ref));
  if (stored !== undefined || subresource !== undefined) {
    return { object: updateObject(registry, ref, merge, { ...options, subresource, isApply: true }), isNew: false };
  }
  if (applied.metadata.uid !== undefined) {
    throw conflict(
      resource,
      name,
      `uid mismatch: the provided object specified uid ${applied.metadata.uid}, and no existing object was found`,
    );
  }
  const object = createObject(registry, { resource, namespace }, merge(undefined), { ...options, isApply: true });
  return { object: presented(resource, object), isNew: true };
}

function checkedConfiguration({ resource, name }: ObjectRef, configuration: unknown, call: ResourceCall) {
  if (call.query.get('fieldManager') === null) {
    throw new ApiError(
      422,
      'Invalid',
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      {
        causes: [
          { type: 'FieldValueRequired', field: 'fieldManager', message: 'Required value: is required for apply patch' },
        ],
        subject: { group: 'meta.k8s.io', kind: 'PatchOptions' },
      },
    );
  }
  if (typeof configuration !== 'object' || configuration === null || Array.isArray(configuration)) {
    throw badRequest(`the body of an apply must be one ${resource.kind}`);
  }
  const applied = configuration as KubernetesObject;
  // The path names the object; a configuration may leave the name out.
  return { ...applied, metadata: { name, ...applied.metadata } };
}

function subresourceOf({ route }: ResourceCall): string | undefined {
  return route.subresource === '' ? undefined : route.subresource;
}
