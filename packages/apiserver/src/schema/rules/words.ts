/** Rules that several kinds share, and their texts. */
import type { FieldError } from '../../api-error.ts';
import { invalid } from '../field-error.ts';

export const DNS_LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name', or '123-abc')";
export const PORT_RULE = 'must be between 1 and 65535, inclusive';
export const PORT_NAME_RULE =
  "must be at most 15 lower case alphanumeric characters or '-', must contain at least one letter, and must not start, end or repeat '-'";
export const IMMUTABLE = 'field is immutable';

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** RFC 6335 service names. */
export function isPortName(name: string): boolean {
  return /^(?!.*--)[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/.test(name) && /[a-z]/.test(name);
}

/** A port by number or by name. */
export function portErrors(port: unknown, path: string): FieldError[] {
  if (typeof port === 'number' && !isPort(port)) return [invalid(path, port, PORT_RULE)];
  if (typeof port === 'string' && !isPortName(port)) return [invalid(path, port, PORT_NAME_RULE)];
  return [];
}

export function nonNegativeErrors(value: number | undefined, path: string): FieldError[] {
  return value !== undefined && value < 0 ? [invalid(path, value, 'must be greater than or equal to 0')] : [];
}
