/** Error texts in the words of Kubernetes' `field` package, so that people and tools recognise them. */
import type { FieldError } from '../api-error.ts';

const LONGEST_VALUE = 256;

/** A value as an error shows it: JSON, cut when long. */
function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

export function required(field: string, detail = ''): FieldError {
  return { type: 'FieldValueRequired', field, message: detail ? `Required value: ${detail}` : 'Required value' };
}

export function invalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueInvalid', field, message: `Invalid value: ${quoted(value)}: ${detail}` };
}

export function typeInvalid(field: string, value: unknown, detail: string): FieldError {
  return { type: 'FieldValueTypeInvalid', field, message: `Invalid value: ${quoted(value)}: ${detail}` };
}

export function notSupported(field: string, value: unknown, supported: readonly unknown[]): FieldError {
  const values = supported.map((option) => quoted(option)).join(', ');
  return {
    type: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${quoted(value)}: supported values: ${values}`,
  };
}

export function duplicate(field: string, value: unknown): FieldError {
  return { type: 'FieldValueDuplicate', field, message: `Duplicate value: ${quoted(value)}` };
}

export function forbidden(field: string, detail: string): FieldError {
  return { type: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}

export function tooLong(field: string, maximum: number, unit: 'bytes' | 'characters' = 'bytes'): FieldError {
  return { type: 'FieldValueTooLong', field, message: `Too long: may not be more than ${maximum} ${unit}` };
}

export function tooMany(field: string, actual: number, maximum: number): FieldError {
  return { type: 'FieldValueTooMany', field, message: `Too many: ${actual}: must have at most ${maximum} items` };
}

/** `spec.ports` + `name`; a key that is not an identifier is written in brackets, as Kubernetes does. */
export function childPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

export function notFound(field: string, value: unknown): FieldError {
  return { type: 'FieldValueNotFound', field, message: `Not found: ${quoted(value)}` };
}
