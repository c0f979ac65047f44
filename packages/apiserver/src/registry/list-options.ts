import { ApiError } from '../api-error.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { type FieldRequirement, matchesFields, parseFieldSelector } from '../selector/field-selector.ts';
import { parseLabelSelector } from '../selector/label-selector.ts';
import { badRequest } from './errors.ts';

/** `metav1.ListOptions`, checked. */
export interface ListOptions {
  readonly selects: (object: KubernetesObject) => boolean;
  readonly isSelective: boolean;
  /** `metadata.name=x` in the field selector: only this object can match. */
  readonly onlyName: string | undefined;
  readonly limit: number | undefined;
  readonly continueToken: string | undefined;
  /** undefined: the newest. 0: any, which here is the newest too. */
  readonly resourceVersion: number | undefined;
  readonly resourceVersionMatch: 'Exact' | 'NotOlderThan' | undefined;
}

/** Reads the query of a list. Throws 400 for what cannot be read and 422 for what contradicts itself. */
export function parseListOptions(query: URLSearchParams, resource: Resource): ListOptions {
  const labelSelector = query.get('labelSelector') ?? '';
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', resource);
  const matchesLabels = parseLabelSelector(labelSelector);
  return {
    selects: (object) => matchesLabels(object.metadata.labels) && matchesFields(fields, object),
    isSelective: labelSelector.trim() !== '' || fields.length > 0,
    onlyName: nameIn(fields),
    limit: limitOf(query),
    continueToken: query.get('continue') || undefined,
    resourceVersion: revisionOf(query),
    resourceVersionMatch: matchOf(query),
  };
}

/** A resource version in a query, as a number. Throws 400 for what this server cannot have given out. */
function revisionOf(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw badRequest(`invalid resourceVersion "${text}": must be one that a list or watch gave`);
  return Number(text);
}

export function matchOf(query: URLSearchParams): ListOptions['resourceVersionMatch'] {
  const match = query.get('resourceVersionMatch') ?? '';
  if (match === '') return undefined;
  if (match === 'Exact' || match === 'NotOlderThan') return match;
  throw contradiction(
    `resourceVersionMatch: Unsupported value: "${match}": supported values: "Exact", "NotOlderThan", ""`,
  );
}

export function contradiction(message: string): ApiError {
  return new ApiError(422, 'Invalid', `ListOptions.meta.k8s.io "" is invalid: ${message}`, {
    subject: { group: 'meta.k8s.io', kind: 'ListOptions' },
  });
}

function limitOf(query: URLSearchParams): number | undefined {
  const text = query.get('limit') ?? '';
  if (text === '' || text === '0') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`invalid limit "${text}": must be a positive integer`);
  return Number(text);
}

function nameIn(fields: readonly FieldRequirement[]): string | undefined {
  return fields.find(({ path, isEqual }) => path === 'metadata.name' && isEqual)?.value;
}
