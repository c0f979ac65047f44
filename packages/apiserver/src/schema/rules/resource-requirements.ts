import type { FieldError } from '../../api-error.ts';
import { invalid, required } from '../field-error.ts';
import { objectAt, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { compareQuantities, parseQuantity } from '../quantity.ts';

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Requests and limits of a container: amounts that exist, of resources that exist, requests within limits. */
export function resourceErrors(resources: JsonObject, path: string): FieldError[] {
  const limits = objectAt(resources, 'limits');
  const requests = objectAt(resources, 'requests');
  return [
    ...Object.entries(limits).flatMap(([name, amount]) => amountErrors(name, amount, `${path}.limits[${name}]`)),
    ...Object.entries(requests).flatMap(([name, amount]) => amountErrors(name, amount, `${path}.requests[${name}]`)),
    ...Object.entries(requests).flatMap(([name, amount]) => limitErrors(name, amount, limits[name], path)),
  ];
}

function amountErrors(name: string, amount: unknown, path: string): FieldError[] {
  const quantity = parseQuantity(String(amount));
  if (!quantity) return [];
  if (!isKnownResource(name)) return [invalid(path, name, 'must be a standard resource for containers')];
  if (quantity.nanos < 0n) return [invalid(path, amount, 'must be greater than or equal to 0')];
  return isExtended(name) && quantity.nanos % 1_000_000_000n !== 0n
    ? [invalid(path, amount, 'must be an integer')]
    : [];
}

function limitErrors(name: string, amount: unknown, limit: unknown, path: string): FieldError[] {
  const at = `${path}.requests`;
  if (limit === undefined) {
    return isExtended(name) ? [required(`${path}.limits`, 'Limit must be set for non overcommitable resources')] : [];
  }
  const order = compareQuantities(amount, limit);
  if (order === undefined || order === 0) return [];
  if (isExtended(name)) return [invalid(at, amount, `must be equal to ${name} limit of ${textOf(limit)}`)];
  return order > 0 ? [invalid(at, amount, `must be less than or equal to ${name} limit of ${textOf(limit)}`)] : [];
}

function isKnownResource(name: string): boolean {
  return STANDARD.has(name) || name.includes('/') || name.startsWith('hugepages-');
}

/** Devices such as `nvidia.com/gpu`, which cannot be shared out twice. */
function isExtended(name: string): boolean {
  return !STANDARD.has(name);
}
