import type { FieldError } from '../api-error.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { ruleErrors } from './cel.ts';
import { invalid } from './field-error.ts';
import { isObject } from './json.ts';
import { kindRules } from './rules/kind-rules.ts';
import { shape } from './shape.ts';
import { validate } from './validate.ts';

export interface AdmitOptions {
  /** The subresource that is written; rules about a kind's spec do not apply to its status. */
  readonly subresource?: string;
  readonly now: Date;
}

export interface Admission {
  /** The object with defaults, without unknown fields. Meaningful only where there are no errors. */
  readonly object: KubernetesObject;
  /** Dotted paths of the fields that were dropped, such as `spec.containers[0].imagee`. */
  readonly unknownFields: readonly string[];
  /** Messages without the field's name in front: `Required value`. */
  readonly errors: readonly FieldError[];
}

/**
 * Decides whether an object may be stored as the resource's schema and kind demand, and in which form: prunes, defaults,
 * validates, and evaluates rules. `old` is the stored object of an update. Names and other metadata are not judged here
 * beyond their types. Pure: the argument is not changed.
 */
export function admit(
  resource: Resource,
  object: KubernetesObject,
  old: KubernetesObject | undefined,
  options: AdmitOptions,
): Admission {
  const unknownFields: string[] = [];
  const shaped = withoutEmptyMetadata(shape(resource.schema, object, '', unknownFields));
  const wrongTypes = errorsOfTypes(resource, shaped, old);
  const rules = resource.origin === 'builtin' ? kindRules(resource) : undefined;
  if (wrongTypes.some(({ type }) => type === 'FieldValueTypeInvalid') || !isObject(shaped)) {
    return { object: shaped as KubernetesObject, unknownFields, errors: withHint(resource, wrongTypes) };
  }
  const admitted = (rules?.complete?.(shaped as KubernetesObject) ?? shaped) as KubernetesObject;
  const errors = rules ? errorsOfTypes(resource, admitted, old) : wrongTypes;
  if (resource.origin === 'custom') {
    const more = errors.length > 0 ? [] : ruleErrors(resource.schema, admitted, old, '');
    return { object: admitted, unknownFields, errors: withHint(resource, [...errors, ...more]) };
  }
  const isSpecWrite = options.subresource !== 'status';
  const more = isSpecWrite ? (rules?.validate?.(admitted, old) ?? []) : [];
  return { object: admitted, unknownFields, errors: withoutRepeats([...errors, ...more]) };
}

/** Kubernetes does not tell an empty map or list in metadata from none, and shows none. */
function withoutEmptyMetadata(object: unknown): unknown {
  if (!isObject(object) || !isObject(object['metadata'])) return object;
  const isEmpty = (value: unknown) => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  const entries = Object.entries(object['metadata']);
  if (!entries.some(([, value]) => isEmpty(value))) return object;
  return { ...object, metadata: Object.fromEntries(entries.filter(([, value]) => !isEmpty(value))) };
}

function errorsOfTypes(resource: Resource, value: unknown, old: KubernetesObject | undefined): FieldError[] {
  const errors: FieldError[] = [];
  validate(resource.schema, value, old, '', { errors, isBuiltin: resource.origin === 'builtin' });
  return errors;
}

/** Says that there may be more to correct, as Kubernetes does. */
function withHint(resource: Resource, errors: readonly FieldError[]): readonly FieldError[] {
  const hasRules =
    resource.origin === 'custom' &&
    JSON.stringify(resource.schema.properties?.['spec'] ?? {}).includes('x-kubernetes-validations');
  if (!hasRules || !errors.some(({ type }) => type !== 'FieldValueInvalid' && type !== 'FieldValueForbidden'))
    return errors;
  const hint =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [...errors, invalid('<nil>', null, hint)];
}

/** A schema and a rule may both demand a field. */
function withoutRepeats(errors: readonly FieldError[]): readonly FieldError[] {
  return [...new Map(errors.map((error) => [`${error.field} ${error.message}`, error])).values()];
}
