import { ApiError } from '../api-error.ts';
import { StorageFailure } from '../storage/revision-log.ts';

const texts = new WeakMap<object, string>();

/** JSON of an object that nobody changes; objects of the log are answered many times and written once. */
export function jsonText(object: object): string {
  let text = texts.get(object);
  if (text === undefined) texts.set(object, (text = JSON.stringify(object)));
  return text;
}

export function jsonAnswer(body: string | object, status = 200): Response {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}

export function statusAnswer(error: ApiError): Response {
  const answer = jsonAnswer(error.toStatus(), error.code);
  if (error.retryAfterSeconds !== undefined) answer.headers.set('retry-after', String(error.retryAfterSeconds));
  return answer;
}

/** Whatever was thrown, as what the client is told. */
export function apiErrorOf(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof StorageFailure) {
    return thrown.isFull
      ? new ApiError(507, 'InsufficientStorage', thrown.message, { cause: thrown })
      : new ApiError(500, 'InternalError', thrown.message, { cause: thrown });
  }
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${why}`, { cause: thrown });
}

/** RFC 7234 §5.5: what kubectl prints as `Warning: …`. */
export function addWarnings(answer: Response, warnings: readonly string[]): void {
  for (const warning of new Set(warnings)) {
    answer.headers.append(
      'warning',
      `299 - "${warning.replaceAll(/[\\"]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ')}"`,
    );
  }
}
