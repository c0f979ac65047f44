import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { applicationName, labels, type VDISession, vdiSession } from '@vdi/api';
import { systemClock } from '@vdi/controller';
import { createTicketSigner, generateTicketKeys, type TicketKeys, type TicketSigner } from '@vdi/identity';
import { builtinResources, type KubeClient, resourceOf } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster } from '@vdi/testing';
import { WebSocket } from 'ws';
import type { AuditEvent } from '../../audit/audit-log.ts';
import type { Principal } from '../../auth/principal.ts';
import { createAuthorizer } from '../../authorize/authorize.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { startCatalog } from '../../catalog/start-catalog.ts';
import { writeAnswer } from '../answer.ts';
import { createDoor, type Door } from '../door.ts';
import type { UpstreamLimits } from '../upstream-request.ts';

const sessions = resourceOf<VDISession>(vdiSession);

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A door over a real API and a real catalog, listening on loopback as the gateway would. */
export interface TestDoor extends AsyncDisposable {
  readonly door: Door;
  readonly kube: KubeClient;
  readonly catalog: Catalog;
  readonly keys: TicketKeys;
  readonly audit: readonly AuditEvent[];
  readonly port: number;
  /** Moves the door's clock, and nothing else. */
  passTime(milliseconds: number): void;
  /** Makes a session and waits until the catalog has it. */
  session(options?: SessionOptions): Promise<VDISession>;
  /** Changes `spec` or `status` and waits until the catalog has it. */
  change(session: VDISession, part: 'spec' | 'status', value: object): Promise<VDISession>;
  /** Gives a session without a Pod one, at `endpoint`. */
  pod(session: VDISession, endpoint: string): Promise<void>;
  remove(session: VDISession): Promise<void>;
  ask(host: string, path: string, options?: AskOptions): Promise<Answer>;
  /** Server-sent events, one after the other. */
  stream(host: string, path: string, headers: OutgoingHttpHeaders): EventStream;
  /** Opens the session as the dashboard does; the cookie. */
  enter(who: Principal, session: VDISession): Promise<string>;
  origin(label: string): string;
  connect(label: string, options: { readonly headers: Record<string, string>; readonly path?: string }): WebSocket;
}

interface EventStream {
  next(): Promise<unknown>;
  close(): void;
}

interface SessionOptions {
  readonly host?: string;
  readonly user?: string;
  readonly shares?: NonNullable<VDISession['spec']['shares']>;
  /** `host:port` of its desktop; without one it has no Pod. */
  readonly endpoint?: string;
  readonly suspended?: boolean;
  readonly isReady?: boolean;
}

interface AskOptions {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** Somebody who is signed in until `end` is aborted. */
export function aPrincipal(user = 'alice@example.com', end = new AbortController()): Principal {
  return {
    user,
    subject: `https://issuer#${user}`,
    displayName: user,
    groups: [],
    roles: ['user'],
    expiresAt: new Date(Date.now() + 3_600_000),
    signal: end.signal,
  };
}

export const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' } as const;

export async function startTestDoor(
  options: { readonly limits?: UpstreamLimits; readonly signer?: TicketSigner } = {},
): Promise<TestDoor> {
  const stack = new AsyncDisposableStack();
  const { kube } = stack.use(await startTestCluster());
  const log = createLogger({ name: 'test-door', level: 'silent' });
  const where = { namespaces: ['vdi-sessions'], desktopsReachedBy: 'endpoint-annotation' } as const;
  const catalog = stack.use(startCatalog({ kube, ...where, clock: systemClock, log }));
  await catalog.synced;
  const keys = await generateTicketKeys();
  const audit: AuditEvent[] = [];
  const authorizer = createAuthorizer({ audit: { record: (event) => void audit.push(event) } });
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  stack.defer(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  let passed = 0;
  const door = stack.use(
    createDoor({
      catalog,
      authorizer,
      kube,
      signer: await createTicketSigner(keys.privateJwk),
      publicUrl: new URL(`http://localhost:${port}`),
      now: () => new Date(Date.now() + passed),
      log,
      cookieKey: randomBytes(32),
      // Who is signed in here is made up by the tests: nobody of before a restart.
      signIns: { textOf: () => undefined, findByText: () => undefined },
      ...options,
    }),
  );
  server.on('request', (request, response) => {
    if (request.url !== '/verify') void door.handle(request, response);
    else void door.verify(request).then((answer) => writeAnswer(response, answer, false));
  });
  server.on('upgrade', (request, socket, head) => void door.upgrade(request, socket, head));
  const ask: TestDoor['ask'] = (host, path, asked) => askAt(port, host, path, asked);
  return {
    door,
    kube,
    catalog,
    keys,
    audit,
    port,
    passTime: (milliseconds) => void (passed += milliseconds),
    ...sessionsIn(kube, catalog),
    ask,
    stream: (host, path, headers) => eventsAt(port, host, path, headers),
    async enter(who, session) {
      const { url } = await door.open(who, session);
      const { host, pathname, search } = new URL(url);
      const { headers } = await ask(host, `${pathname}${search}`, { headers: navigation });
      return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    },
    origin: (label) => `http://${label}.localhost:${port}`,
    connect: (label, { headers, path = '/ws' }) =>
      new WebSocket(`ws://127.0.0.1:${port}${path}`, ['vdi.v1'], {
        headers: { host: `${label}.localhost:${port}`, ...headers },
      }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function sessionsIn(kube: KubeClient, catalog: Catalog): Pick<TestDoor, 'session' | 'change' | 'pod' | 'remove'> {
  const nameOf = ({ metadata: { name, namespace = '' } }: VDISession) => ({ name, namespace });
  const known = async (session: VDISession): Promise<VDISession> => {
    const { name, namespace } = nameOf(session);
    const isKnown = (): boolean =>
      catalog.session(namespace, name)?.metadata.resourceVersion === session.metadata.resourceVersion;
    if (!(await catalog.until(isKnown, 10_000))) throw new Error(`The catalog never had ${name} as it is.`);
    return session;
  };
  const change: TestDoor['change'] = async (session, part, value) => {
    const patch = { type: 'merge' as const, value: { [part]: value } };
    return await known(
      await kube.patch(sessions, nameOf(session), patch, part === 'status' ? { subresource: 'status' } : {}),
    );
  };
  let count = 0;
  return {
    change,
    pod: (session, endpoint) => createPod(kube, session, endpoint),
    async session({
      host = 'alice',
      user = 'alice@example.com',
      shares = [],
      endpoint,
      suspended,
      isReady = true,
    } = {}) {
      count += 1;
      const session = await kube.create(sessions, {
        apiVersion: 'vdi.kasm.io/v1alpha1',
        kind: 'VDISession',
        metadata: { name: `session-${count}`, namespace: 'vdi-sessions' },
        spec: { user, template: 'ubuntu-desktop', shares, ...(suspended === undefined ? {} : { suspended }) },
      });
      if (endpoint !== undefined) await createPod(kube, session, endpoint);
      return await change(session, 'status', { host, podName: podOf(session), ...readiness(isReady) });
    },
    async remove(session) {
      const { name, namespace } = nameOf(session);
      await kube.delete(sessions, { name, namespace });
      await catalog.until(() => catalog.session(namespace, name) === undefined, 10_000);
    },
  };
}

/** Status that says the desktop can be used, or that it is on its way. */
export function readiness(isReady: boolean): object {
  const facts = { status: isReady ? 'True' : 'False', lastTransitionTime: '2030-01-01T00:00:00Z' };
  const accepted = { ...facts, status: 'True', type: 'Accepted', reason: 'Accepted', message: 'Accepted.' };
  const ready = { ...facts, type: 'Ready', reason: isReady ? 'Ready' : 'Starting', message: 'The screen is starting.' };
  return {
    message: ready.message,
    conditions: [accepted, ready],
    timeline: [{ stage: 'Accepted', at: '2030-01-01T00:00:00.000Z' }],
  };
}

/** A Pod of this session that answers at `host:port`. */
export async function createPod(kube: KubeClient, session: VDISession, endpoint: string): Promise<void> {
  const { metadata } = session;
  const { uid = '', namespace = '' } = metadata;
  await kube.create(builtinResources.pods, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: podOf(session),
      namespace,
      labels: { [labels.name]: applicationName },
      annotations: { 'vdi.kasm.io/endpoint': endpoint },
      ownerReferences: [{ apiVersion: session.apiVersion, kind: session.kind, name: metadata.name, uid }],
    },
    spec: { containers: [{ name: 'display', image: 'display' }] },
  });
}

function podOf({ metadata }: VDISession): string {
  return `${metadata.name}-1`;
}

async function askAt(port: number, host: string, path: string, options: AskOptions = {}): Promise<Answer> {
  const request = httpRequest({
    host: '127.0.0.1',
    port,
    path,
    method: options.method ?? 'GET',
    headers: { ...options.headers, host },
    agent: false,
  });
  request.end(options.body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

function eventsAt(port: number, host: string, path: string, headers: OutgoingHttpHeaders): EventStream {
  const request = httpRequest({ host: '127.0.0.1', port, path, headers: { ...headers, host }, agent: false });
  request.end();
  const events = (async function* () {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) {
      const parts = (text + String(chunk)).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice(6)) as unknown;
    }
  })();
  return { next: async () => (await events.next()).value, close: () => request.destroy() };
}
