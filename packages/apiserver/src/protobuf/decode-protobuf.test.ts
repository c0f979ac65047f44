import { assert as assertProperty, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { builtinSchema, schemaId } from '../schema/builtin-schemas.ts';
import type { Schema } from '../schema/schema.ts';
import { decodeProtobuf } from './decode-protobuf.ts';
import { fieldNumbers } from './field-numbers.ts';

// A writer for the tests, by the encoding's own rules.
const varint = (value: number | bigint): Buffer => {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
};
const number = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
const counted = (field: number, ...content: (Buffer | string)[]): Buffer => {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
};
const object = (apiVersion: string, kind: string, ...message: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('k8s\0'),
    counted(1, counted(1, apiVersion), counted(2, kind)),
    counted(2, ...message),
    counted(3, ''),
    counted(4, ''),
  ]);

describe('an object in protobuf', () => {
  it('as kubectl 1.35 sends it for “create namespace write”', () => {
    const metadata = counted(
      1,
      counted(1, 'write'),
      counted(2, ''),
      counted(3, ''),
      counted(5, ''),
      counted(6, ''),
      number(7, 0),
      counted(8, ''),
    );
    const namespace = object('v1', 'Namespace', metadata, counted(2, ''), counted(3, counted(1, '')));
    expect(decodeProtobuf(namespace)).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'write' },
      spec: {},
      status: {},
    });
  });

  it('gives bytes as base64, and keeps a key that JavaScript treats specially', () => {
    const entry = (key: string, value: string): Buffer => counted(2, counted(1, key), counted(2, value));
    const decoded = decodeProtobuf(
      object('v1', 'Secret', entry('k', 'v'), entry('__proto__', 'x'), entry('empty', '')),
    );
    expect(JSON.stringify(decoded?.['data'])).toBe('{"k":"dg==","__proto__":"eA==","empty":""}');
  });

  it('keeps zero where it means something, and drops it where Go only wrote it along', () => {
    const spec = (replicas: Buffer): unknown =>
      decodeProtobuf(object('apps/v1', 'Deployment', counted(2, replicas, number(5, 0), number(7, 0))))?.['spec'];
    expect(spec(number(1, 0))).toEqual({ replicas: 0 });
    expect(spec(Buffer.alloc(0))).toEqual({});
    expect(decodeProtobuf(object('v1', 'ConfigMap', number(4, 0)))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      immutable: false,
    });
  });

  it('puts inlined messages where JSON has them', () => {
    const volume = counted(1, counted(1, 'tmp'), counted(2, counted(2, counted(1, 'Memory'))));
    const probe = counted(
      10,
      counted(1, counted(2, counted(1, '/ready'), counted(2, number(1, 1), number(2, 0), counted(3, 'http')))),
      number(4, 7),
    );
    const container = counted(2, counted(1, 'main'), probe);
    expect(decodeProtobuf(object('v1', 'Pod', counted(2, volume, container)))).toMatchObject({
      spec: {
        volumes: [{ name: 'tmp', emptyDir: { medium: 'Memory' } }],
        containers: [{ name: 'main', livenessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 7 } }],
      },
    });
  });

  it('reads quantities, numbers that may be texts, negative numbers and times', () => {
    const quota = object(
      'v1',
      'ResourceQuota',
      counted(2, counted(1, counted(1, 'memory'), counted(2, counted(1, '4Gi')))),
    );
    expect(decodeProtobuf(quota)).toMatchObject({ spec: { hard: { memory: '4Gi' } } });
    const service = object(
      'v1',
      'Service',
      counted(2, counted(1, number(3, 80), counted(4, number(1, 0), number(2, 8080), counted(3, '')))),
    );
    expect(decodeProtobuf(service)).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 8080 }] } });
    expect(decodeProtobuf(object('scheduling.k8s.io/v1', 'PriorityClass', number(2, -5)))).toMatchObject({ value: -5 });
    const time = (nanos: number): Buffer => counted(1, counted(9, number(1, 1_767_348_000), number(2, nanos)));
    expect(decodeProtobuf(object('v1', 'Pod', time(0)))).toMatchObject({
      metadata: { deletionTimestamp: '2026-01-02T10:00:00Z' },
    });
    expect(decodeProtobuf(object('v1', 'Pod', time(1_500)))).toMatchObject({
      metadata: { deletionTimestamp: '2026-01-02T10:00:00.000001Z' },
    });
  });

  it('reads maps of lists, and documents inside', () => {
    const extra = counted(4, counted(1, 'scopes'), counted(2, counted(1, 'a'), counted(1, 'b')));
    const review = object('authentication.k8s.io/v1', 'SelfSubjectReview', counted(2, counted(1, extra)));
    expect(decodeProtobuf(review)).toMatchObject({ status: { userInfo: { extra: { scopes: ['a', 'b'] } } } });
    const revision = object('apps/v1', 'ControllerRevision', counted(2, counted(1, '{"a":[1]}')), number(3, 2));
    expect(decodeProtobuf(revision)).toMatchObject({ data: { a: [1] }, revision: 2 });
  });

  it('finds delete options under any version, and skips fields of a later one', () => {
    const options = object(
      'policy/v1',
      'DeleteOptions',
      number(1, 0),
      counted(5, 'All'),
      number(999, 1),
      counted(998, 'later'),
    );
    expect(decodeProtobuf(options)).toMatchObject({ gracePeriodSeconds: 0, dryRun: ['All'] });
  });

  it('is not known for kinds outside the table', () => {
    expect(decodeProtobuf(object('vdi.kasm.io/v1alpha1', 'VDISession'))).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['another format', '{"kind":"Namespace"}'],
    ['a length beyond the end', 'k8s\0\x0a\x7f'],
    ['a number without end', `k8s\0${'\xff'.repeat(12)}`],
    ['an unknown wire type', 'k8s\0\x0b'],
  ])('is refused when it is %s', (_what, text) => {
    expect(() => decodeProtobuf(Buffer.from(text, 'latin1'))).toThrow(RangeError);
  });

  it('fails in an orderly way on any bytes', () => {
    const pod = object('v1', 'Pod', counted(1, counted(1, 'p')), counted(2, counted(2, counted(1, 'main'))));
    assertProperty(
      property(uint8Array({ maxLength: 64 }), uint8Array({ minLength: 1, maxLength: 1 }), (tail, [cut = 0]) => {
        for (const bytes of [
          Buffer.concat([Buffer.from('k8s\0'), tail]),
          Buffer.concat([pod.subarray(0, cut % pod.length), tail]),
        ]) {
          try {
            decodeProtobuf(bytes);
          } catch (error) {
            expect([RangeError, TypeError, SyntaxError].some((known) => error instanceof known)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('the table of field numbers', () => {
  const fieldsOf = (type: string): string[] =>
    (fieldNumbers[type] ?? '').split(', ').map((entry) => entry.split(' ')[0] ?? '');
  const inlined = new Map<string, string>();
  for (const type of Object.keys(fieldNumbers)) {
    for (const field of fieldsOf(type)) if (field.startsWith('^')) inlined.set(field.slice(1), type);
  }

  it('names only fields that the schemas know', () => {
    const unknown = Object.keys(fieldNumbers).flatMap((type) => {
      const { properties = {} } = builtinSchema(inlined.get(type) ?? type);
      const names = fieldsOf(type)
        .filter((field) => !field.startsWith('^'))
        .map((field) => field.replace('!', ''));
      return names.filter((name) => !(name in properties)).map((name) => `${type}.${name}`);
    });
    expect(unknown).toEqual([]);
  });

  it('knows every type that those it knows refer to', () => {
    const referredTo = (schema: Schema): string[] => {
      const id = schemaId(schema);
      if (id !== undefined) return [id.split('.').slice(-3).join('.')];
      const inner = [schema.items, schema.additionalProperties].filter((part) => part instanceof Object);
      return inner.flatMap((part) => referredTo(part));
    };
    const missing = Object.keys(fieldNumbers).flatMap((type) => {
      const { properties = {} } = builtinSchema(inlined.get(type) ?? type);
      const told = fieldsOf(type).flatMap((field) => properties[field.replace('!', '')] ?? []);
      return told.flatMap(referredTo).filter((inner) => !(inner in fieldNumbers));
    });
    const isEmpty = (type: string): boolean => Object.keys(builtinSchema(type).properties ?? {}).length === 0;
    expect([...new Set(missing)].filter((type) => !isEmpty(type))).toEqual([]);
  });
});
