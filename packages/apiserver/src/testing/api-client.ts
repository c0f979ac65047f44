import { createLogger } from '@vdi/telemetry';
import { type ApiServer, type ApiServerOptions, createApiServer } from '../api-server.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { createMemoryLog } from '../storage/memory-log.ts';
import { DrivenClock } from './driven-clock.ts';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly body: TestObject;
  readonly warnings: string | null;
}

/** JSON whose shape a test claims by looking into it. */
export type TestObject = KubernetesObject & {
  readonly [field: string]: never;
};

export interface Client {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
  /** `type`: `merge-patch+json` and the like. */
  patch(path: string, type: string, body: unknown): Promise<Answer>;
  delete(path: string, body?: object): Promise<Answer>;
  watch(path: string, headers?: Readonly<Record<string, string>>): Promise<Watch>;
}

export interface Watch extends AsyncDisposable {
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
  };
}

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
