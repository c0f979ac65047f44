import { createLogger } from '@vdi/telemetry';
import { type ApiServer, type ApiServerOptions, createApiServer } from '../api-server.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { createMemoryLog } from '../storage/memory-log.ts';
import { DrivenClock } from './driven-clock.ts';

/** What came back. */
interface Answer {
  readonly status: number;
  readonly body: TestObject;
  readonly warnings: string | null;
}

/** JSON whose shape a test claims by looking into it. */
type TestObject = KubernetesObject & {
  readonly [field: string]: never;
};

export interface Client {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
  /** `type`: `merge-patch+json` and the like. */
  patch(path: string, type: string, body: unknown): Promise<Answer>;
  delete(path: string, body?: object): Promise<Answer>;
  /** Waits, by watching, until an object is gone. */
  gone(collection: string, name: string): Promise<void>;
  watch(path: string, headers?: Readonly<Record<string, string>>): Promise<Watch>;
}

interface Watch extends AsyncDisposable {
  readonly status: number;
  /** The next event; undefined when the server has ended the watch. */
  next(): Promise<{ readonly type: string; readonly object: TestObject } | undefined>;
  /** So many events, as `TYPE name`. */
  take(count: number): Promise<readonly string[]>;
}

export interface TestServer extends AsyncDisposable {
  readonly server: ApiServer;
  readonly client: Client;
  readonly clock: DrivenClock;
}

/** A ConfigMap as a client sends it. */
export function aConfigMap(name: string, fields: object = {}, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...fields };
}

/** The definition of Widgets: `spec.size` of at least 1, `spec.colour` red by default, and a status. */
export function aWidgetDefinition(spec: object = {}): object {
  const integer = { type: 'integer', minimum: 1 };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: { size: integer, colour: { type: 'string', default: 'red' } },
                },
                status: { type: 'object', properties: { phase: { type: 'string' } } },
              },
            },
          },
        },
      ],
      ...spec,
    },
  };
}

export function aWidget(name: string, spec: object = { size: 1 }, metadata: object = {}): object {
  return { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name, ...metadata }, spec };
}

export function aPod(name: string, spec: object = {}, metadata: object = {}): object {
  const containers = [{ name: 'main', image: 'example.com/image' }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec: { containers, ...spec } };
}

export const paths = {
  namespaces: '/api/v1/namespaces',
  configMaps: '/api/v1/namespaces/default/configmaps',
  pods: '/api/v1/namespaces/default/pods',
  definitions: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  widgets: '/apis/example.com/v1/namespaces/default/widgets',
} as const;

/** A server on a driven clock, with everybody let in. */
export function startTestServer(options: Partial<ApiServerOptions> = {}): TestServer {
  const clock = new DrivenClock();
  const server = createApiServer({
    log: createMemoryLog(),
    logger: createLogger({ name: 'test', level: 'silent' }),
    authenticate: () => ({ name: 'tester', groups: ['system:masters'] }),
    clock,
    ...options,
  });
  return { server, client: clientOf(server), clock, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

export function clientOf(server: ApiServer): Client {
  const send = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await server.fetch(
      new Request(`http://apiserver${path}`, {
        method,
        headers: { ...json, 'user-agent': 'tester/1.0', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      body: (isJson ? JSON.parse(text) : { text }) as TestObject,
      warnings: response.headers.get('warning'),
    };
  };
  return {
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    put: (path, body) => send('PUT', path, body),
    patch: (path, type, body) => send('PATCH', path, body, { 'content-type': `application/${type}` }),
    delete: (path, body) => send('DELETE', path, body),
    watch: (path, headers = {}) => openWatch(server, path, headers),
    async gone(collection, name) {
      await using watch = await openWatch(
        server,
        `${collection}?watch=1&sendInitialEvents=true&${watchList(name)}`,
        {},
      );
      for (let event = await watch.next(); event !== undefined; event = await watch.next()) {
        const isEndOfInitial = event.type === 'BOOKMARK';
        if (event.type === 'DELETED') return;
        if (isEndOfInitial && (await send('GET', `${collection}/${name}`)).status === 404) return;
      }
    },
  };
}

const watchList = (name: string) =>
  `resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3D${name}`;

async function openWatch(server: ApiServer, path: string, headers: Readonly<Record<string, string>>): Promise<Watch> {
  const response = await server.fetch(new Request(`http://apiserver${path}`, { headers }));
  if (response.body === null) throw new Error('A watch has no body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  const next = async () => {
    for (;;) {
      const end = rest.indexOf('\n');
      if (end !== -1) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 1);
        return JSON.parse(line) as { type: string; object: TestObject };
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      rest += value;
    }
  };
  return {
    status: response.status,
    next,
    async take(count) {
      const seen: string[] = [];
      while (seen.length < count) {
        const event = await next();
        if (event === undefined) break;
        seen.push(`${event.type} ${event.object.metadata.name ?? ''}`.trim());
      }
      return seen;
    },
    async [Symbol.asyncDispose]() {
      await reader.cancel();
    },
  };
}
