import type { FieldError } from '../api-error.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { immutableData } from './immutable-data.ts';
import type { Strategy } from './strategy.ts';

export const secretStrategy: Strategy = {
  prepareCreate: (secret) => ({ type: 'Opaque', ...encoded(secret) }),
  prepareUpdate: (secret, live) => ({ type: live['type'], ...encoded(secret) }),
  validate: (secret, live) => [...immutableData(secret, live), ...typeErrors(secret, live)],
};

/** `stringData` is write-only: it is merged over `data` and never stored. */
function encoded(secret: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = secret;
  if (typeof stringData !== 'object' || stringData === null) return secret;
  const added = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]);
  const data = rest['data'] as Readonly<Record<string, string>> | undefined;
  return { ...rest, data: { ...data, ...Object.fromEntries(added) } };
}

function typeErrors(secret: KubernetesObject, live: KubernetesObject | undefined): FieldError[] {
  if (live === undefined || secret['type'] === live['type']) return [];
  const message = `Invalid value: ${JSON.stringify(secret['type'])}: field is immutable`;
  return [{ type: 'FieldValueInvalid', field: 'type', message }];
}
