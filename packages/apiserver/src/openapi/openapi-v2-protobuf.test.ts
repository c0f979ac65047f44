import { describe, expect, it } from 'vitest';
import { readFields, textOf } from '../protobuf/wire-reader.ts';
import { builtinResources } from '../resource/builtin-resources.ts';
import { openApiV2Protobuf } from './openapi-v2-protobuf.ts';

/** The messages that lie behind these numbers of fields, from the outside in. */
function behind(message: Uint8Array, [number, ...inner]: readonly number[]): readonly Uint8Array[] {
  if (number === undefined) return [message];
  return [...readFields(message)]
    .filter((field) => field.number === number)
    .flatMap(({ bytes }) => behind(bytes, inner));
}

const texts = (message: Uint8Array, numbers: readonly number[]): readonly string[] =>
  behind(message, numbers.slice(0, -1)).flatMap((inner) =>
    [...readFields(inner)].filter((field) => field.number === numbers.at(-1)).map((field) => textOf(field)),
  );

describe('the OpenAPI document for client-go', () => {
  const document = openApiV2Protobuf(builtinResources());
  const namespaced = behind(document, [8, 2]).find((path) => texts(path, [1])[0] === '/api/v1/namespaces/{name}');

  it('is of version 2', () => {
    expect([texts(document, [1]), texts(document, [2, 1])]).toEqual([['2.0'], ['Kubernetes']]);
  });

  it('says which kind each patch changes, and that its fields are checked', () => {
    const [patch] = behind(namespaced ?? new Uint8Array(), [2, 7]);
    expect(texts(patch ?? new Uint8Array(), [8, 1, 2, 3, 4])).toContain('fieldValidation');
    expect(texts(patch ?? new Uint8Array(), [13, 1])).toEqual(['x-kubernetes-group-version-kind']);
    expect(texts(patch ?? new Uint8Array(), [13, 2, 2])).toEqual(['{"group":"","kind":"Namespace","version":"v1"}']);
  });
});
