import type { FieldError } from '../api-error.ts';
import type { KubernetesObject, ObjectMeta } from '../resource/resource.ts';
import { listAt, textOf } from '../schema/json.ts';
import { isLabelKey, isLabelValue } from './names.ts';

const maxAnnotationBytes = 256 * 1024;

/** What is wrong with metadata whatever the kind, apart from the name. Wrong types are passed over: the schema tells of them. */
export function validateMetadata({ metadata }: KubernetesObject, live: KubernetesObject | undefined): FieldError[] {
  return [
    ...labelErrors(metadata),
    ...annotationErrors(metadata),
    ...finalizerErrors(metadata, live?.metadata),
    ...ownerErrors(metadata),
  ];
}

function labelErrors({ labels = {} }: ObjectMeta): FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const errors: FieldError[] = [];
    if (!isLabelKey(key)) errors.push(keyError('metadata.labels', key));
    if (typeof value !== 'string' || !isLabelValue(value)) {
      const rule =
        'a valid label must be an empty string or consist of alphanumeric characters, ' +
        "'-', '_' or '.', and must start and end with an alphanumeric character, at most 63 characters";
      errors.push({
        type: 'FieldValueInvalid',
        field: 'metadata.labels',
        message: `Invalid value: ${JSON.stringify(value)}: ${rule}`,
      });
    }
    return errors;
  });
}

function annotationErrors({ annotations = {} }: ObjectMeta): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations)) {
    if (!isLabelKey(key.toLowerCase())) errors.push(keyError('metadata.annotations', key));
    if (typeof value === 'string') bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    else {
      errors.push({
        type: 'FieldValueTypeInvalid',
        field: `metadata.annotations[${key}]`,
        message: `Invalid value: ${JSON.stringify(value)}: must be a string; quote it`,
      });
    }
  }
  if (bytes > maxAnnotationBytes) {
    errors.push({
      type: 'FieldValueTooLong',
      field: 'metadata.annotations',
      message: `Too long: may not be more than ${maxAnnotationBytes} bytes, are ${bytes}`,
    });
  }
  return errors;
}

function finalizerErrors(metadata: ObjectMeta, live: ObjectMeta | undefined): FieldError[] {
  const given: unknown = metadata.finalizers;
  const finalizers = Array.isArray(given) ? given.filter((finalizer) => typeof finalizer === 'string') : [];
  const errors = finalizers
    .filter((finalizer) => !isLabelKey(finalizer))
    .map((finalizer) => keyError('metadata.finalizers', finalizer));
  if (live?.deletionTimestamp === undefined) return errors;
  const added = finalizers.filter((finalizer) => !live.finalizers?.includes(finalizer));
  if (added.length > 0) {
    errors.push({
      type: 'FieldValueForbidden',
      field: 'metadata.finalizers',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
    });
  }
  return errors;
}

function ownerErrors(metadata: ObjectMeta): FieldError[] {
  const ownerReferences = listAt(metadata, 'ownerReferences');
  const errors = ownerReferences.flatMap((owner, index) =>
    (['apiVersion', 'kind', 'name', 'uid'] as const)
      .filter((field) => typeof owner[field] !== 'string' || owner[field] === '')
      .map((field): FieldError => {
        const path = `metadata.ownerReferences[${index}].${field}`;
        return { type: 'FieldValueRequired', field: path, message: 'Required value: must not be empty' };
      }),
  );
  const controllers = ownerReferences.filter(({ controller }) => controller === true);
  if (controllers.length > 1) {
    errors.push({
      type: 'FieldValueInvalid',
      field: 'metadata.ownerReferences',
      message: `Invalid value: only one reference can have controller set to true, found ${controllers.map(({ name }) => textOf(name)).join(', ')}`,
    });
  }
  return errors;
}

function keyError(field: string, key: string): FieldError {
  const rule =
    "a qualified name consists of alphanumeric characters, '-', '_' or '.', at most 63 of them, with an optional DNS " +
    "subdomain prefix and '/' (e.g. 'example.com/MyName')";
  return { type: 'FieldValueInvalid', field, message: `Invalid value: "${key}": ${rule}` };
}
