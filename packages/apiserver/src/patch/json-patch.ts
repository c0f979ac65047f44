import { applyPatch, type Operation } from 'rfc6902';
import { ApiError } from '../api-error.ts';
import { isObject, type JsonObject } from '../schema/json.ts';

const maxOperations = 10_000;
/** What all `copy` operations of one patch may add, in bytes of JSON: a few dozen of them could double without end. */
const maxCopiedBytes = 3 * 1024 * 1024;

/**
 * JSON patch (RFC 6902). The operations are applied in order, to a copy; the first that fails undoes all.
 * @throws ApiError 400 when the patch is not a list of operations, 413 when it is too large, 422 when an operation does
 * not fit the object or a `test` does not hold.
 */
export function applyJsonPatch(object: JsonObject, patch: unknown): JsonObject {
  const operations = readOperations(patch);
  const document = structuredClone(object) as Record<string, unknown>;
  let copiedBytes = 0;
  for (const [index, operation] of operations.entries()) {
    if (operation.op === 'copy') copiedBytes += sizeAt(document, operation.from);
    if (copiedBytes > maxCopiedBytes)
      throw tooLarge(`the copies of this JSON patch add more than ${maxCopiedBytes} bytes`);
    applyOperation(document, operation, index);
  }
  return document;
}

function readOperations(patch: unknown): readonly Operation[] {
  if (!Array.isArray(patch)) throw badRequest('it must be a list of operations');
  if (patch.length > maxOperations) {
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${maxOperations}, got ${patch.length}`);
  }
  return patch.map(readOperation);
}

const members = {
  add: ['path', 'value'],
  remove: ['path'],
  replace: ['path', 'value'],
  move: ['from', 'path'],
  copy: ['from', 'path'],
  test: ['path', 'value'],
} as const;

function readOperation(operation: unknown, index: number): Operation {
  const op = isObject(operation) ? operation['op'] : undefined;
  if (!isObject(operation) || typeof op !== 'string' || !Object.hasOwn(members, op)) {
    throw badRequest(`operation ${index} must have an "op" of ${Object.keys(members).join(', ')}`);
  }
  for (const member of members[op as keyof typeof members]) {
    if (!Object.hasOwn(operation, member)) throw badRequest(`operation ${index} (${op}) has no "${member}"`);
    if (member !== 'value') checkPointer(operation[member], `operation ${index} (${op})`);
  }
  return operation as unknown as Operation;
}

/** Names that lead to a prototype; the library does not step through them. */
const prototypeNames = ['__proto__', 'constructor', 'prototype'];

/** RFC 6901. */
function checkPointer(pointer: unknown, where: string): void {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/')) || /~(?![01])/.test(pointer)) {
    throw badRequest(
      `${where} has the path ${JSON.stringify(pointer)}, which is not a JSON pointer such as /spec/replicas`,
    );
  }
  const refused = prototypeNames.find((name) => pointer.split('/').includes(name));
  if (refused !== undefined) throw badRequest(`${where} must not have a path through ${refused}; use a merge patch`);
}

function applyOperation(document: Record<string, unknown>, operation: Operation, index: number): void {
  checkLocations(document, operation, index);
  const [error] = applyPatch(document, [operation]);
  if (error === null || error === undefined) return;
  throw doesNotApply(
    operation,
    index,
    error.name === 'TestError' ? 'the value is another one' : 'the path does not exist',
  );
}

/** What the library takes for granted: the parent holds fields, and a field to read is the object's own. */
function checkLocations(document: JsonObject, operation: Operation, index: number): void {
  if (operation.path === '' && operation.op !== 'test') {
    throw doesNotApply(operation, index, 'the whole object cannot be replaced or removed by a patch');
  }
  const parent = valueAt(document, tokensOf(operation.path).slice(0, -1));
  if (typeof parent !== 'object' || parent === null) throw doesNotApply(operation, index, 'the path does not exist');
  const read = operation.op === 'move' || operation.op === 'copy' ? operation.from : operation.path;
  if (operation.op !== 'add' && operation.op !== 'test' && valueAt(document, tokensOf(read)) === undefined) {
    throw doesNotApply(operation, index, `there is no ${read}`);
  }
}

function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function valueAt(document: unknown, tokens: readonly string[]): unknown {
  let value = document;
  for (const token of tokens) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
    if (Array.isArray(value) && token === 'length') return undefined;
    value = (value as JsonObject)[token];
  }
  return value;
}

function sizeAt(document: unknown, pointer: string): number {
  return (JSON.stringify(valueAt(document, tokensOf(pointer))) ?? '').length;
}

function doesNotApply({ op, path }: Operation, index: number, why: string): ApiError {
  const message = `the server rejected our request due to an error in our request: operation ${index} of the JSON patch (${op} ${path}) does not apply: ${why}`;
  return new ApiError(422, 'Invalid', message);
}

function badRequest(why: string): ApiError {
  return new ApiError(400, 'BadRequest', `the JSON patch cannot be read: ${why}`);
}

function tooLarge(why: string): ApiError {
  return new ApiError(413, 'RequestEntityTooLarge', why);
}
