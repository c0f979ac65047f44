import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  builtinResources,
  createKubeClient,
  isConflict,
  isAlreadyExists,
  isGone,
  isNotFound,
  type KubeClient,
  KubeError,
  type KubeClientOptions,
  type WatchEvent,
} from './index.ts';

const { pods, namespaces, configMaps } = builtinResources;

/** A real HTTP server on loopback that answers as a test says, so that faults of the network are real ones. */
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server[Symbol.asyncDispose]();
});

async function clientOf(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: Partial<KubeClientOptions> = {},
): Promise<KubeClient> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
  const { port } = server.address() as AddressInfo;
  return createKubeClient({ fetch, baseUrl: `http://127.0.0.1:${port}/`, ...options });
}

const json = (response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const failure = (code: number, reason: string, message: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  message,
});

const errorOf = async (attempt: Promise<unknown>): Promise<KubeError> => {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(KubeError);
  return error as KubeError;
};

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Answers every request with `{}` and remembers it. */
async function recordingClient(): Promise<{
  kube: KubeClient;
  seen: { method?: string; url?: string; type?: string; body: unknown }[];
}> {
  const seen: { method?: string; url?: string; type?: string; body: unknown }[] = [];
  const kube = await clientOf((request, response) => {
    void bodyOf(request).then((body) => {
      const { method, url, headers } = request;
      seen.push({
        ...(method && { method }),
        ...(url && { url }),
        ...(headers['content-type'] && { type: headers['content-type'] }),
        body,
      });
      json(response, {});
    });
  });
  return { kube, seen };
}

describe('what the client sends', () => {
  it('creates with apiVersion and kind, in the object’s own namespace, strictly validated', async () => {
    const { kube, seen } = await recordingClient();
    await kube.create(configMaps, { metadata: { name: 'a', namespace: 'ns' } });
    expect(seen).toEqual([
      {
        method: 'POST',
        url: '/api/v1/namespaces/ns/configmaps?fieldManager=vdi-operator&fieldValidation=Strict',
        type: 'application/json',
        body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } },
      },
    ]);
  });

  it('applies by force as its field manager, and status through the subresource', async () => {
    const { kube, seen } = await recordingClient();
    await kube.apply(namespaces, { metadata: { name: 'a' } }, { fieldManager: 'me' });
    await kube.applyStatus(pods, { metadata: { name: 'p', namespace: 'ns' } }, { force: false });
    expect(seen.map(({ method, url, type }) => [method, url, type])).toEqual([
      [
        'PATCH',
        '/api/v1/namespaces/a?fieldManager=me&fieldValidation=Strict&force=true',
        'application/apply-patch+yaml',
      ],
      [
        'PATCH',
        '/api/v1/namespaces/ns/pods/p/status?fieldManager=vdi-operator&fieldValidation=Strict&force=false',
        'application/apply-patch+yaml',
      ],
    ]);
  });

  it('names each patch by its media type and asks for a dry run when told so', async () => {
    const { kube, seen } = await recordingClient();
    const name = { namespace: 'ns', name: 'p' };
    await kube.patch(pods, name, { type: 'merge', value: { a: null } }, { dryRun: true });
    await kube.patch(pods, name, { type: 'strategic', value: {} });
    await kube.patch(pods, name, { type: 'json', value: [{ op: 'remove', path: '/a' }] });
    expect(seen.map(({ type }) => type)).toEqual([
      'application/merge-patch+json',
      'application/strategic-merge-patch+json',
      'application/json-patch+json',
    ]);
    expect(seen[0]?.url).toContain('dryRun=All');
    expect(seen[0]?.body).toEqual({ a: null });
  });

  it('deletes with preconditions, so that a successor of the same name survives', async () => {
    const { kube, seen } = await recordingClient();
    await kube.delete(pods, { namespace: 'ns', name: 'p' }, { uid: 'u1', resourceVersion: '7', gracePeriodSeconds: 0 });
    await kube.deleteCollection(pods, { namespace: 'ns', labelSelector: 'a=b' }, { propagationPolicy: 'Foreground' });
    expect(seen).toMatchObject([
      {
        method: 'DELETE',
        url: '/api/v1/namespaces/ns/pods/p',
        body: { preconditions: { uid: 'u1', resourceVersion: '7' }, gracePeriodSeconds: 0 },
      },
      {
        method: 'DELETE',
        url: '/api/v1/namespaces/ns/pods?labelSelector=a%3Db',
        body: { propagationPolicy: 'Foreground' },
      },
    ]);
  });

  it.each([
    ['a namespaced object without namespace', (kube: KubeClient) => kube.get(pods, { name: 'p' })],
    ['a cluster-scoped object with one', (kube: KubeClient) => kube.get(namespaces, { name: 'n', namespace: 'x' })],
    ['an empty name, which would mean the collection', (kube: KubeClient) => kube.delete(namespaces, { name: '' })],
  ])('refuses %s before anything is sent', async (_what, attempt) => {
    const { kube, seen } = await recordingClient();
    await expect(async () => await attempt(kube)).rejects.toThrow(TypeError);
    expect(seen).toEqual([]);
  });

  it('encodes names, so that none can leave its path', async () => {
    const { kube, seen } = await recordingClient();
    await kube.get(pods, { namespace: 'a/b', name: '../secrets' });
    expect(seen[0]?.url).toBe('/api/v1/namespaces/a%2Fb/pods/..%2Fsecrets');
  });
});

describe('lists', () => {
  const page = (names: string[], next?: string): object => ({
    metadata: { resourceVersion: '9', ...(next === undefined ? {} : { continue: next }) },
    items: names.map((name) => ({ metadata: { name } })),
  });

  it('joins the pages and gives each item its kind', async () => {
    const asked: string[] = [];
    const kube = await clientOf((request, response) => {
      asked.push(request.url ?? '');
      json(response, request.url?.includes('continue') ? page(['c']) : page(['a', 'b'], 'token'));
    });
    const list = await kube.list(pods, { namespace: 'ns', pageSize: 2 });
    expect(list.items.map(({ kind, apiVersion, metadata }) => [kind, apiVersion, metadata.name])).toEqual([
      ['Pod', 'v1', 'a'],
      ['Pod', 'v1', 'b'],
      ['Pod', 'v1', 'c'],
    ]);
    expect(list.resourceVersion).toBe('9');
    expect(asked).toEqual(['/api/v1/namespaces/ns/pods?limit=2', '/api/v1/namespaces/ns/pods?limit=2&continue=token']);
  });

  it('starts over in one piece when the revision expires between two pages', async () => {
    const kube = await clientOf((request, response) => {
      if (request.url?.includes('continue')) json(response, failure(410, 'Expired', 'too old'), 410);
      else json(response, request.url?.includes('limit') ? page(['a'], 'token') : page(['a', 'b']));
    });
    const list = await kube.list(pods);
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
  });
});

describe('failures', () => {
  it.each([
    [404, 'NotFound', isNotFound],
    [409, 'AlreadyExists', isAlreadyExists],
    [409, 'Conflict', isConflict],
    [410, 'Expired', isGone],
  ])('tells %i %s from the others', async (code, reason, is) => {
    const kube = await clientOf((_request, response) => json(response, failure(code, reason, 'because'), code));
    const error = await errorOf(kube.get(namespaces, { name: 'a' }));
    expect(error).toMatchObject({ status: code, reason, message: 'GET /api/v1/namespaces/a failed: because' });
    expect([isNotFound, isAlreadyExists, isConflict, isGone].filter((predicate) => predicate(error))).toEqual([is]);
  });

  it('carries the fields that were wrong', async () => {
    const causes = [{ reason: 'FieldValueInvalid', field: 'spec.user', message: 'is immutable' }];
    const kube = await clientOf((_request, response) =>
      json(response, { ...failure(422, 'Invalid', 'no'), details: { causes } }, 422),
    );
    expect((await errorOf(kube.create(namespaces, { metadata: { name: 'a' } }))).causes).toEqual(causes);
  });

  it('says how long to wait after 429, whether a Kubernetes server or a proxy asks for it', async () => {
    const kube = await clientOf((_request, response) =>
      response.writeHead(429, { 'retry-after': '7' }).end('slow down'),
    );
    const error = await errorOf(kube.get(namespaces, { name: 'a' }));
    expect(error).toMatchObject({ status: 429, reason: 'TooManyRequests', retryAfterSeconds: 7 });
    expect(error.message).toContain('slow down');
  });

  it('quotes an answer that is no JSON instead of guessing', async () => {
    const kube = await clientOf((_request, response) => response.writeHead(200).end('<html>proxy login</html>'));
    const error = await errorOf(kube.get(namespaces, { name: 'a' }));
    expect(error).toMatchObject({ status: 0, reason: 'InvalidAnswer' });
    expect(error.message).toContain('<html>proxy login');
  });

  it('names the cause when nobody listens', async () => {
    const kube = createKubeClient({ fetch, baseUrl: 'http://127.0.0.1:1' });
    const error = await errorOf(kube.get(namespaces, { name: 'a' }));
    expect(error).toMatchObject({ status: 0, reason: 'ConnectionFailed' });
    expect(error.message).toMatch(/ECONNREFUSED|bad port/);
  });

  it('gives up on a server that accepts and never answers', async () => {
    const kube = await clientOf(() => undefined, { requestTimeoutSeconds: 0.05 });
    expect(await errorOf(kube.get(namespaces, { name: 'a' }))).toMatchObject({ status: 0, reason: 'Timeout' });
  });

  it('gives up on a server that begins to answer and stops half way', async () => {
    const kube = await clientOf((_request, response) => response.writeHead(200).write('{"kind":'), {
      requestTimeoutSeconds: 0.05,
    });
    expect(await errorOf(kube.get(namespaces, { name: 'a' }))).toMatchObject({ status: 0, reason: 'Timeout' });
  });

  it('throws the caller’s own reason when the caller gives up', async () => {
    const abort = new AbortController();
    const kube = await clientOf(() => abort.abort(new Error('lost the lease')));
    const options = { signal: abort.signal };
    await expect(kube.get(namespaces, { name: 'a' }, options)).rejects.toThrow('lost the lease');
  });
});

describe('watches', () => {
  const event = (type: string, name: string): string => `${JSON.stringify({ type, object: { metadata: { name } } })}\n`;

  async function collect(kube: KubeClient, signal?: AbortSignal): Promise<{ seen: WatchEvent[]; error: unknown }> {
    const seen: WatchEvent[] = [];
    try {
      for await (const each of kube.watch(pods, { resourceVersion: '5', ...(signal && { signal }) })) seen.push(each);
      return { seen, error: undefined };
    } catch (error) {
      return { seen, error };
    }
  }

  it('asks for bookmarks from the given revision, for five to ten minutes', async () => {
    let asked = new URL('http://unasked');
    const kube = await clientOf((request, response) => {
      asked = new URL(request.url ?? '', 'http://x');
      response.writeHead(200).end();
    });
    expect(await collect(kube)).toEqual({ seen: [], error: undefined });
    const { timeoutSeconds, ...rest } = Object.fromEntries(asked.searchParams);
    expect(rest).toEqual({ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: '5' });
    expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(300);
    expect(Number(timeoutSeconds)).toBeLessThan(600);
  });

  it('puts events together however the network cuts them, in the middle of a letter too', async () => {
    const bytes = Buffer.from(`${event('ADDED', 'ä€😀')}${event('DELETED', 'b')}`);
    const kube = await clientOf((_request, response) => {
      response.writeHead(200);
      for (const byte of bytes) response.write(Buffer.of(byte));
      response.end();
    });
    const { seen, error } = await collect(kube);
    expect(error).toBeUndefined();
    expect(seen.map((each) => [each.type, 'object' in each && each.object.metadata.name])).toEqual([
      ['ADDED', 'ä€😀'],
      ['DELETED', 'b'],
    ]);
  });

  it('understands bookmarks', async () => {
    const object = { metadata: { resourceVersion: '12', annotations: { 'k8s.io/initial-events-end': 'true' } } };
    const kube = await clientOf((_request, response) =>
      response.end(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`),
    );
    expect((await collect(kube)).seen).toEqual([{ type: 'BOOKMARK', resourceVersion: '12', isInitialEventsEnd: true }]);
  });

  it('tells what came before, then throws, when the server is cut off in the middle of a line', async () => {
    const kube = await clientOf((_request, response) => {
      response.writeHead(200);
      response.write(event('ADDED', 'a') + '{"type":"MODIF', () => response.destroy());
    });
    const { seen, error } = await collect(kube);
    expect(seen).toHaveLength(1);
    expect(error).toMatchObject({ status: 0, reason: 'ConnectionFailed' });
  });

  it('throws for a line cut by an orderly end, as a proxy does it', async () => {
    const kube = await clientOf((_request, response) => response.end(`${event('ADDED', 'a')}{"type":"MODIF`));
    const { seen, error } = await collect(kube);
    expect(seen).toHaveLength(1);
    expect(error).toMatchObject({ status: 0, reason: 'InvalidAnswer' });
  });

  it.each([
    ['garbage', 'not json\n'],
    ['an unknown type', event('UPSERTED', 'x')],
    ['an event without object', '{"type":"ADDED"}\n'],
    ['null', 'null\n'],
  ])('never skips %s', async (_what, line) => {
    const kube = await clientOf((_request, response) => response.end(event('ADDED', 'a') + line + event('ADDED', 'b')));
    const { seen, error } = await collect(kube);
    expect(seen).toHaveLength(1);
    expect(error).toMatchObject({ reason: 'InvalidAnswer' });
  });

  it('recognises an expired revision as an ERROR event and as an answer', async () => {
    const inStream = await clientOf((_request, response) =>
      response.end(`${JSON.stringify({ type: 'ERROR', object: failure(410, 'Expired', 'too old') })}\n`),
    );
    const asAnswer = await clientOf((_request, response) => json(response, failure(410, 'Expired', 'too old'), 410));
    expect(isGone((await collect(inStream)).error)).toBe(true);
    expect(isGone((await collect(asAnswer)).error)).toBe(true);
  });

  it('takes a connection for dead that says nothing for too long', async () => {
    const kube = await clientOf(
      (_request, response) => {
        response.writeHead(200);
        response.write(event('ADDED', 'a'));
      },
      { watchSilenceSeconds: 0.05 },
    );
    const { seen, error } = await collect(kube);
    expect(seen).toHaveLength(1);
    expect(error).toMatchObject({ status: 0, reason: 'Timeout' });
  });

  it('closes the connection when the reader leaves the loop', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const kube = await clientOf((_request, response) => {
      response.on('close', () => resolve());
      response.writeHead(200);
      response.write(event('ADDED', 'a'));
    });
    for await (const _first of kube.watch(pods)) break;
    await closed;
  });

  it('ends with the caller’s reason when the caller gives up', async () => {
    const abort = new AbortController();
    const kube = await clientOf((_request, response) => {
      response.writeHead(200);
      response.write(event('ADDED', 'a'), () => abort.abort(new Error('shutting down')));
    });
    const { error } = await collect(kube, abort.signal);
    expect(error).toEqual(new Error('shutting down'));
  });
});

describe('logs and discovery', () => {
  it('streams a pod’s log with its options', async () => {
    let asked = '';
    const kube = await clientOf((request, response) => {
      asked = request.url ?? '';
      response.end('hello\n');
    });
    const log = await kube.podLog({ namespace: 'ns', name: 'p' }, { container: 'desktop', tailLines: 5, follow: true });
    expect(await new Response(log).text()).toBe('hello\n');
    expect(asked).toBe('/api/v1/namespaces/ns/pods/p/log?container=desktop&tailLines=5&follow=true');
  });

  it('knows a kind that is served from one whose group or plural is not', async () => {
    const kube = await clientOf((request, response) =>
      request.url === '/api/v1'
        ? json(response, { resources: [{ name: 'pods' }] })
        : json(response, failure(404, 'NotFound', 'no'), 404),
    );
    expect(await kube.isServed(pods)).toBe(true);
    expect(await kube.isServed(namespaces)).toBe(false);
    expect(await kube.isServed(builtinResources.leases)).toBe(false);
  });
});
