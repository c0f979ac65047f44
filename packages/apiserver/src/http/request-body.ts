import { parse as parseYaml } from 'yaml';
import { ApiError } from '../api-error.ts';
import { decodeProtobuf } from '../protobuf/decode-protobuf.ts';
import { badRequest } from '../registry/errors.ts';

/** As upstream's `MaxRequestBodyBytes`. */
const maxBytes = 3 * 1024 * 1024;

const protobuf = 'application/vnd.kubernetes.protobuf';

/** Reads a body of at most 3 MiB as text; one in protobuf is put into JSON. Throws 413, and for protobuf 400 and 415. */
export async function readBody(request: Request): Promise<string> {
  const bytes = await readBytes(request);
  return mediaTypeOf(request) === protobuf && bytes.length > 0 ? jsonOfProtobuf(bytes) : bytes.toString();
}

function jsonOfProtobuf(bytes: Buffer): string {
  let object: object | undefined;
  try {
    object = decodeProtobuf(bytes);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(`the body of the request could not be read as protobuf: ${why}`, cause);
  }
  if (object === undefined) throw unsupportedMediaType(['application/json', 'application/yaml']);
  return JSON.stringify(object);
}

async function readBytes(request: Request): Promise<Buffer> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function mediaTypeOf(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** A document as `readBody` gave it. Throws 400, and 415 for CBOR and anything else that is neither JSON, YAML nor protobuf. */
export function decodeBody(text: string, mediaType: string): unknown {
  try {
    switch (mediaType) {
      case '':
      case 'application/json':
      case protobuf:
        return JSON.parse(text);
      case 'application/yaml':
      case 'application/apply-patch+yaml':
        return /^\s*\{/.test(text) ? JSON.parse(text) : parseYaml(text);
      default:
        throw unsupportedMediaType(['application/json', 'application/yaml']);
    }
  } catch (cause) {
    if (cause instanceof ApiError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw badRequest(`the body of the request could not be read: ${why}`, cause);
  }
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

function tooLarge(): ApiError {
  const message = `Request entity too large: limit is ${maxBytes}`;
  return new ApiError(413, 'RequestEntityTooLarge', message);
}
