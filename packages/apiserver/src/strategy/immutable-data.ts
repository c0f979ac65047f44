import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../api-error.ts';
import type { KubernetesObject } from '../resource/resource.ts';

/** ConfigMaps and Secrets with `immutable: true` keep their data, and stay immutable. */
export function immutableData(object: KubernetesObject, live: KubernetesObject | undefined): FieldError[] {
  if (live?.['immutable'] !== true) return [];
  const errors: FieldError[] = [];
  if (object['immutable'] !== true) {
    errors.push({
      type: 'FieldValueForbidden',
      field: 'immutable',
      message: 'Forbidden: field is immutable when `immutable` is set',
    });
  }
  for (const field of ['data', 'binaryData']) {
    if (!isDeepStrictEqual(object[field] ?? {}, live[field] ?? {})) {
      errors.push({
        type: 'FieldValueForbidden',
        field,
        message: 'Forbidden: field is immutable when `immutable` is set; delete the object and create it again',
      });
    }
  }
  return errors;
}
