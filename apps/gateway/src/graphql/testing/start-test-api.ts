import type { AddressInfo } from 'node:net';
import { apiVersion, type VDISession, type VDITemplate, vdiTemplate } from '@vdi/api';
import { systemClock } from '@vdi/controller';
import { resourceOf } from '@vdi/kube';
import { TokenError } from '@vdi/identity';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster, type TestCluster } from '@vdi/testing';
import fastify from 'fastify';
import type { AuditEvent } from '../../audit/audit-log.ts';
import type { PlatformRole, Principal } from '../../auth/principal.ts';
import { createAuthorizer } from '../../authorize/authorize.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { startCatalog } from '../../catalog/start-catalog.ts';
import { peerAddress } from '../../server/client-address.ts';
import { registerGraphql } from '../graphql-endpoint.ts';
import { sessions } from '../operations/read-session.ts';

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly string[];
    readonly extensions: { readonly code: string; readonly [fact: string]: unknown };
  }[];
}

/** The GraphQL API over real HTTP, in front of a real API server in this process, with a sign-in that believes a header. */
export interface TestApi extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly catalog: Catalog;
  readonly origin: string;
  readonly audit: readonly AuditEvent[];
  /** Ends the sign-in of somebody. */
  signOut(user: string): void;
  post(body: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Runs one operation as `user`, or as a stranger. */
  run(user: string | undefined, query: string, variables?: object): Promise<Answer>;
  createSession(name: string, spec?: Partial<VDISession['spec']>): Promise<VDISession>;
  setStatus(name: string, status: VDISession['status']): Promise<void>;
}

/** Everybody here is in the group `staff`. */
const roles: Readonly<Record<string, readonly PlatformRole[]>> = {
  'admin@example.com': ['user', 'operator', 'admin'],
  'operator@example.com': ['user', 'operator'],
};

const where = { namespaces: ['vdi-sessions', 'vdi'], desktopsReachedBy: 'endpoint-annotation' } as const;

export async function startTestApi(): Promise<TestApi> {
  const cluster = await startTestCluster();
  const log = createLogger({ name: 'test', level: 'silent' });
  const { kube } = cluster;
  for (const template of testTemplates) await kube.create(resourceOf<VDITemplate>(vdiTemplate), template);
  const catalog = startCatalog({ kube, ...where, clock: systemClock, log });
  await catalog.synced;
  const audit: AuditEvent[] = [];
  const signIns = createSignIns();
  const app = fastify({ forceCloseConnections: true });
  const origins: string[] = [];
  const endpoint = await registerGraphql(app, {
    catalog,
    kube,
    authorizer: createAuthorizer({ audit: { record: (event) => void audit.push(event) } }),
    principalOf: (request) => Promise.resolve(signIns.of(request.headers['x-test-user'])),
    principalOfToken: (token) => signIns.ofToken(token),
    origins,
    openSession: (principal, { status }) =>
      Promise.resolve({ url: `http://${status?.host}.localhost/.vdi/enter?code=for-${principal.user}` }),
    now: () => cluster.clock.now(),
    addressOf: peerAddress,
    log,
  });
  app.server.on('upgrade', (request, socket, head) => void endpoint.upgrade(request, socket, head));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  origins.push(origin);
  const post: TestApi['post'] = (body, headers = {}) =>
    fetch(`${origin}/graphql`, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const inNamespace = { namespace: 'vdi-sessions' };
  return {
    cluster,
    catalog,
    origin,
    audit,
    signOut: (user) => signIns.end(user),
    post,
    async run(user, query, variables) {
      const response = await post(
        JSON.stringify({ query, variables }),
        user === undefined ? {} : { 'x-test-user': user },
      );
      return { status: response.status, ...((await response.json()) as object) };
    },
    async createSession(name, spec = {}) {
      const created = await kube.create(sessions, {
        apiVersion,
        kind: 'VDISession',
        metadata: { name, ...inNamespace },
        spec: { user: 'alice@example.com', template: 'ubuntu-desktop', ...spec },
      });
      await catalog.until(() => catalog.session('vdi-sessions', name) !== undefined, 10_000);
      return created;
    },
    async setStatus(name, status) {
      const patch = { type: 'merge', value: { status } } as const;
      const { metadata } = await kube.patch(sessions, { name, ...inNamespace }, patch, { subresource: 'status' });
      const isSeen = () => catalog.session('vdi-sessions', name)?.metadata.resourceVersion === metadata.resourceVersion;
      await catalog.until(isSeen, 10_000);
    },
    async [Symbol.asyncDispose]() {
      await endpoint[Symbol.asyncDispose]();
      await app.close();
      await catalog[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

function createSignIns() {
  const controllers = new Map<string, AbortController>();
  const controllerOf = (user: string): AbortController => {
    const controller = controllers.get(user) ?? new AbortController();
    controllers.set(user, controller);
    return controller;
  };
  return {
    of(user: unknown): Principal | undefined {
      if (typeof user !== 'string') return undefined;
      return {
        user,
        subject: `https://id.example.com#${user}`,
        displayName: user,
        groups: ['staff'],
        roles: roles[user] ?? ['user'],
        expiresAt: new Date('2026-01-02T22:00:00Z'),
        signal: controllerOf(user).signal,
      };
    },
    /** Whoever the token names. */
    ofToken(token: string): Promise<Principal> {
      const principal = this.of(token);
      return principal === undefined || token === 'expired'
        ? Promise.reject(new TokenError('expired', 'it has expired'))
        : Promise.resolve(principal);
    },
    end: (user: string) => controllerOf(user).abort(new Error('signed out')),
  };
}

const testTemplates: readonly VDITemplate[] = [
  {
    apiVersion,
    kind: 'VDITemplate',
    metadata: { name: 'ubuntu-desktop' },
    spec: {
      image: 'localhost/vdi/desktop',
      displayName: 'Ubuntu Desktop',
      env: [{ name: 'LICENSE', value: 'canary' }],
      policy: { sharing: 'view' },
    },
  },
  {
    apiVersion,
    kind: 'VDITemplate',
    metadata: { name: 'secret-desktop' },
    spec: { image: 'localhost/vdi/desktop', access: { groups: ['spies'] } },
  },
];
