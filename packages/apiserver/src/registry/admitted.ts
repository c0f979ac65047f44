import type { FieldError } from '../api-error.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { admit } from '../schema/admit.ts';
import { strategyOf } from '../strategy/strategies.ts';
import { badRequest, invalid } from './errors.ts';
import { subdomainName } from './names.ts';
import type { ObjectRef } from './object-ref.ts';
import type { Registry, WriteOptions } from './registry.ts';
import { validateMetadata } from './validate-metadata.ts';

/** Prunes, defaults and validates what is about to be stored. Throws 400 for unknown fields if asked to, 422 for invalid ones. */
export function admitted(
  registry: Registry,
  ref: ObjectRef,
  object: KubernetesObject,
  live: KubernetesObject | undefined,
  options: WriteOptions & { readonly subresource: string | undefined },
): KubernetesObject {
  const { resource } = ref;
  const strategy = strategyOf(resource);
  const result = admit(resource, object, live, {
    now: registry.clock.now(),
    ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
  });
  reportFields(ref, result.unknownFields, options);
  const errors: FieldError[] = [
    ...(live === undefined ? nameErrors(ref) : []),
    ...validateMetadata(result.object, live),
    ...result.errors,
  ];
  // Rules between fields assume that each field is sound; subresources change none of the fields they are about.
  if (errors.length === 0 && options.subresource === undefined) {
    errors.push(...(strategy.validate?.(result.object, live, registry) ?? []));
  }
  if (errors.length > 0) throw invalid(resource, ref.name, errors);
  return result.object;
}

function nameErrors({ resource, name }: ObjectRef): FieldError[] {
  const rule = strategyOf(resource).nameRule ?? subdomainName;
  if (rule.isValid(name)) return [];
  return [{ type: 'FieldValueInvalid', field: 'metadata.name', message: `Invalid value: "${name}": ${rule.text}` }];
}

function reportFields({ resource }: ObjectRef, unknownFields: readonly string[], options: WriteOptions): void {
  if (options.fieldValidation === 'Ignore') return;
  const problems = [
    ...options.duplicateFields.map((path) => `duplicate field "${path}"`),
    ...unknownFields.map((path) => `unknown field "${path}"`),
  ];
  if (options.fieldValidation === 'Strict' && problems.length > 0) {
    const { kind, version } = resource;
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${problems.join(', ')}`,
    );
  }
  for (const problem of problems) options.warn(problem);
}
