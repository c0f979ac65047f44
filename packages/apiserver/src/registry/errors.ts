import { ApiError, type FieldError } from '../api-error.ts';
import type { Resource } from '../resource/resource.ts';

/** `configmaps` or `vdisessions.vdi.kasm.io`: how messages to people name a resource. */
export function qualifiedResource({ group, plural }: Pick<Resource, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function badRequest(message: string, cause?: unknown): ApiError {
  return new ApiError(400, 'BadRequest', message, { cause });
}

export function notFound(resource: Pick<Resource, 'group' | 'plural'>, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualifiedResource(resource)} "${name}" not found`, {
    subject: subjectOf(resource, name),
  });
}

export function alreadyExists(resource: Resource, name: string): ApiError {
  return new ApiError(409, 'AlreadyExists', `${qualifiedResource(resource)} "${name}" already exists`, {
    subject: subjectOf(resource, name),
  });
}

/** Clients look for this text as well as for the reason: keep it word for word. */
export const objectWasModified =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(resource: Resource, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, { subject: subjectOf(resource, name) });
}

export function forbidden(resource: Resource, name: string, why: string, causes: readonly FieldError[] = []): ApiError {
  return new ApiError(403, 'Forbidden', `${qualifiedResource(resource)} "${name}" is forbidden: ${why}`, {
    causes,
    subject: subjectOf(resource, name),
  });
}

export function invalid(resource: Resource, name: string, causes: readonly FieldError[]): ApiError {
  const told = causes.map(({ field, message }) => `${field}: ${message}`);
  const what = told.length === 1 ? told[0] : `[${told.join(', ')}]`;
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${what}`, {
    causes,
    subject: { name, group: resource.group, kind: resource.kind },
  });
}

export function methodNotAllowed(message: string): ApiError {
  return new ApiError(405, 'MethodNotAllowed', message);
}

export function expired(message: string, continueToken?: string): ApiError {
  return new ApiError(410, 'Expired', message, continueToken === undefined ? {} : { continueToken });
}

/** The client has seen a later revision than this server has: it should ask again shortly. */
export function tooLargeResourceVersion(asked: number, current: number): ApiError {
  return new ApiError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ type: 'ResourceVersionTooLarge', field: '', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

function subjectOf({ group, plural }: Pick<Resource, 'group' | 'plural'>, name: string) {
  return { name, group, kind: plural };
}
