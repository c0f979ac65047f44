import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aPod, aWidgetDefinition, paths, startTestServer, type TestServer } from '../testing/api-client.ts';

type Path = readonly (string | number)[];

const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'b' };
const container = {
  name: 'main',
  image: 'example.com/image',
  env: [{ name: 'A', value: 'b' }],
  ports: [{ containerPort: 80 }],
  resources: { requests: { cpu: '1' }, limits: { cpu: '1' } },
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
  readinessProbe: { exec: { command: ['true'] } },
};
const pod = aPod(
  'one',
  {
    initContainers: [{ ...container, name: 'first', restartPolicy: 'Always' }],
    containers: [container],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
  { labels: { a: 'b' }, annotations: { a: 'b' }, finalizers: ['example.com/a'], ownerReferences: [owner] },
);
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'one' },
  data: { a: 'YQ==' },
  stringData: { b: 'c' },
};
const rule = { rule: 'self.size() < 10', message: 'too many' };
const definition = aWidgetDefinition({
  versions: [
    {
      name: 'v1',
      served: true,
      storage: true,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: {
              type: 'object',
              properties: {
                labels: {
                  type: 'object',
                  additionalProperties: { type: 'string' },
                  'x-kubernetes-validations': [rule],
                },
                names: { type: 'array', maxItems: 10, items: { type: 'string' }, 'x-kubernetes-validations': [rule] },
              },
            },
          },
        },
      },
    },
  ],
});

const wrongValues = ['text', 7, 1.5, true, null, [], {}, [null], [{}], { a: null }, { a: 'text' }];

/** Every place in an object, and so every field that a client may get wrong. */
function placesIn(value: unknown, place: Path = []): readonly Path[] {
  const here = place.length === 0 ? [] : [place];
  if (typeof value !== 'object' || value === null) return here;
  const keys: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    ...here,
    ...keys.flatMap((key) => placesIn((value as Record<string | number, unknown>)[key], [...place, key])),
  ];
}

function withValue(object: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(object) ? [...object] : { ...(object as object) }) as Record<string | number, unknown>;
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

describe('whatever is wrong with an object', () => {
  let test: TestServer;
  beforeAll(() => {
    test = startTestServer();
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it.each([
    ['Pod', paths.pods, pod],
    ['Secret', '/api/v1/namespaces/default/secrets', secret],
    ['CustomResourceDefinition', paths.definitions, definition],
  ])('in a %s, at any place, is the fault of the client', async (_kind, collection, object) => {
    expect((await test.client.post(`${collection}?dryRun=All`, object)).status).toBe(201);
    for (const place of placesIn(object)) {
      for (const value of wrongValues) {
        const broken = withValue(object, place, value) as object;
        const { status, body } = await test.client.post(`${collection}?dryRun=All`, broken);
        const what = `${place.join('.')} = ${JSON.stringify(value)}: ${JSON.stringify(body['message'])}`;
        expect([201, 400, 422], what).toContain(status);
      }
    }
  });
});
