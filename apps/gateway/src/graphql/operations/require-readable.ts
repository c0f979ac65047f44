import { parseDuration, parseQuantity, UserError, type VDISessionSpec } from '@vdi/api';
import { apiError } from '../api-error.ts';

/**
 * Throws BAD_USER_INPUT for amounts and durations that cannot be read, each with its field and an example. The API server
 * refuses them as well, but with a pattern, as every Kubernetes does.
 */
export function requireReadable({ timeout, resources, persistence }: Omit<VDISessionSpec, 'user'>): void {
  const causes = [
    ...problemOf('spec.timeout', timeout, parseDuration),
    ...problemOf('spec.resources.cpu', resources?.cpu, parseQuantity),
    ...problemOf('spec.resources.memory', resources?.memory, parseQuantity),
    ...problemOf('spec.persistence.size', persistence?.size, parseQuantity),
  ];
  if (causes.length === 0) return;
  const message = causes.map(({ field, message: problem }) => `${field}: ${problem}`).join('; ');
  throw apiError('BAD_USER_INPUT', message, { reason: 'Invalid', causes });
}

function problemOf<Value>(field: string, value: Value | undefined, read: (value: Value) => number) {
  if (value === undefined) return [];
  try {
    read(value);
    return [];
  } catch (error) {
    if (error instanceof UserError) return [{ reason: 'FieldValueInvalid', field, message: error.message }];
    throw error;
  }
}
