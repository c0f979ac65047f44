import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiVersion, type VDISession, vdiSession, type VDITemplate, vdiTemplate } from '@vdi/api';
import { createAccount } from '@vdi/identity';
import { type KubeClient, resourceOf } from '@vdi/kube';
import { createMetrics, type Metrics } from '@vdi/telemetry';
import { type EchoUpstream, startEchoUpstream } from '../door/testing/echo-upstream.ts';
import { createPod, readiness } from '../door/testing/start-test-door.ts';
import { opsHandler } from '../listen/ops-handler.ts';
import { createReadiness, type Readiness } from '../listen/readiness.ts';
import { verifyHandler } from '../listen/verify-handler.ts';
import { password, startTestGateway, type TestGateway, Visitor } from './start-test-gateway.ts';

export const sessions = resourceOf<VDISession>(vdiSession);
const templates = resourceOf<VDITemplate>(vdiTemplate);

/** The whole gateway as a cluster has it, with people, templates, and a program in the place of desktops. */
export interface AccountedGateway extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly kube: KubeClient;
  readonly desktop: EchoUpstream;
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  /** Their own listeners, as in a cluster. */
  readonly verifyUrl: URL;
  readonly opsUrl: URL;
  /** Somebody's cookie at the dashboard, signed in once. */
  cookieOf(person: PersonName): string;
  /** A session of Alice's that nobody else uses; its first name is its host. */
  session(state?: 'running' | 'starting'): Promise<VDISession>;
  audit(): readonly { readonly allowed: boolean; readonly surface: string }[];
}

export type PersonName = keyof typeof persons;

export const persons = {
  alice: { user: 'alice@example.com', displayName: 'Alice', groups: [] },
  bob: { user: 'bob@example.com', displayName: 'Bob', groups: [] },
  operator: { user: 'operator@example.com', displayName: 'Operator', groups: ['vdi-operators'] },
} as const;

export async function startAccountedGateway(): Promise<AccountedGateway> {
  await using owned = new AsyncDisposableStack();
  const dashboardDirectory = mkdtempSync(join(tmpdir(), 'vdi-dashboard-'));
  owned.defer(() => rmSync(dashboardDirectory, { recursive: true }));
  writeFileSync(join(dashboardDirectory, 'index.html'), '<!doctype html><title>Dashboard</title>');
  const metrics = createMetrics();
  const accounts = await Promise.all(Object.values(persons).map((person) => createAccount({ ...person, password })));
  const gateway = owned.use(await startTestGateway(accounts, async () => ({ dashboardDirectory, metrics })));
  const { kube, url } = gateway;
  const desktop = owned.use(await startEchoUpstream());
  const readinessOfAll = createReadiness();
  const verifying = owned.use(await listening(verifyHandler({ verify: (request) => gateway.gateway.verify(request) })));
  const ops = owned.use(await listening(opsHandler({ readiness: readinessOfAll, metrics })));
  for (const template of testTemplates) await kube.create(templates, template);
  const cookies = new Map<string, string>();
  for (const [name, { user }] of Object.entries(persons)) cookies.set(name, await signedIn(url, user));
  let count = 0;
  const kept = owned.move();
  return {
    gateway,
    kube,
    desktop,
    metrics,
    readiness: readinessOfAll,
    verifyUrl: verifying.url,
    opsUrl: ops.url,
    cookieOf: (person) => cookies.get(person) ?? '',
    async session(state = 'running') {
      count += 1;
      return await aSession(kube, { name: `desk-${count}`, endpoint: desktop.endpoint, state });
    },
    audit: () =>
      readFileSync(gateway.auditFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { allowed: boolean; surface: string }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function signedIn(url: URL, user: string): Promise<string> {
  const visitor = new Visitor();
  await visitor.signIn(url, user, password);
  return [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}

async function aSession(
  kube: KubeClient,
  { name, endpoint, state }: { readonly name: string; readonly endpoint: string; readonly state: string },
): Promise<VDISession> {
  const metadata = { name, namespace: 'vdi-sessions' };
  const spec = { user: persons.alice.user, template: 'ubuntu-desktop' };
  const session = await kube.create(sessions, { apiVersion, kind: 'VDISession', metadata, spec });
  await createPod(kube, session, endpoint);
  const value = { status: { host: name, podName: `${name}-1`, ...readiness(state === 'running') } };
  return await kube.patch(sessions, metadata, { type: 'merge', value }, { subresource: 'status' });
}

async function listening(handler: {
  handle(request: IncomingMessage, response: ServerResponse): void;
}): Promise<{ readonly url: URL } & AsyncDisposable> {
  const server = createServer((request, response) => handler.handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface Asked {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One request as it is, or the handshake of a WebSocket; of a stream that has no end, its first piece. */
export async function ask(
  url: URL,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly isUpgrade?: boolean;
  } = {},
): Promise<Asked> {
  const { method = 'GET', headers = {}, body, isUpgrade = false } = options;
  const handshake = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'graphql-transport-ws',
  };
  const request = httpRequest(url, { method, headers: { ...(isUpgrade ? handshake : {}), ...headers }, agent: false });
  request.end(body);
  const answered = Promise.withResolvers<IncomingMessage>();
  request.once('response', answered.resolve);
  request.once('upgrade', (response, socket) => {
    socket.destroy();
    answered.resolve(response);
  });
  request.once('error', answered.reject);
  const response = await answered.promise;
  const text = response.statusCode === 101 ? '' : await textOf(response);
  request.destroy();
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    text += String(chunk);
    if (response.headers['content-type'] === 'text/event-stream') break;
  }
  return text;
}

const testTemplates: readonly VDITemplate[] = [
  { apiVersion, kind: 'VDITemplate', metadata: { name: 'ubuntu-desktop' }, spec: { image: 'localhost/vdi/desktop' } },
  {
    apiVersion,
    kind: 'VDITemplate',
    metadata: { name: 'secret-desktop' },
    spec: { image: 'localhost/vdi/desktop', access: { groups: ['spies'] } },
  },
];
