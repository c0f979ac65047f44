import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@vdi/controller';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster, type TestCluster } from '@vdi/testing';
import { fastify } from 'fastify';
import { build } from 'vite';
import type { PlatformRole, Principal } from '../../apps/gateway/src/auth/principal.ts';
import { createAuthorizer } from '../../apps/gateway/src/authorize/authorize.ts';
import { startCatalog } from '../../apps/gateway/src/catalog/start-catalog.ts';
import { registerGraphql } from '../../apps/gateway/src/graphql/graphql-endpoint.ts';
import { readDashboardFiles } from '../../apps/gateway/src/server/dashboard-files.ts';
import { securityHeaders } from '../../apps/gateway/src/server/security-headers.ts';

/** The built dashboard with the gateway's own GraphQL, authorizer and headers over a control plane in this process. */
export interface DashboardSite extends AsyncDisposable {
  readonly origin: string;
  readonly cluster: TestCluster;
  /** Who every request comes from; undefined is a stranger. Only the login itself is left out. */
  signedIn: Person | undefined;
  /** Ends the sign-ins that requests and watches were accepted with. */
  endSignIns(): void;
  /** Breaks every watch off and refuses new ones until `connect`. */
  disconnect(): void;
  connect(): void;
}

export interface Person {
  readonly user: string;
  readonly displayName: string;
  readonly roles: readonly PlatformRole[];
}

const signInLifetimeMs = 3_600_000;
const silent = createLogger({ name: 'dashboard-site', level: 'silent' });

export async function startDashboardSite(): Promise<DashboardSite> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'dashboard-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  await build({
    configFile: join(import.meta.dirname, '../../apps/dashboard/vite.config.ts'),
    logLevel: 'error',
    build: { outDir: directory },
  });
  const cluster = stack.use(await startTestCluster());
  const catalog = stack.use(
    startCatalog({
      kube: cluster.kube,
      namespaces: ['vdi-sessions', 'vdi'],
      desktopsReachedBy: 'endpoint-annotation',
      clock: systemClock,
      log: silent,
    }),
  );
  await catalog.synced;

  let signIns = new AbortController();
  const app = fastify();
  const server = createServer((request, response) => app.routing(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const headers = securityHeaders(new URL(origin), new URL(`${origin}/oidc`));
  app.addHook('onRequest', async (_request, reply) => void reply.headers(headers));
  const endpoint = stack.use(
    await registerGraphql(app, {
      kube: cluster.kube,
      catalog,
      authorizer: createAuthorizer({ audit: { record: () => undefined } }),
      principalOf: async () => site.signedIn && principalOf(site.signedIn, signIns.signal),
      origins: [origin],
      addressOf: ({ socket }) => socket.remoteAddress ?? '',
      openSession: async () => ({ url: origin }),
      now: () => new Date(),
      log: silent,
    }),
  );
  const files = readDashboardFiles(directory);
  app.get('/*', async ({ url }, reply) => {
    const file = files?.at(url.split('?', 1)[0] ?? '/');
    return file === undefined ? await reply.code(404).send() : await reply.type(file.contentType).send(file.body);
  });
  await app.ready();

  let isConnected = true;
  const sockets = new Set<{ destroy(): void }>();
  server.on('upgrade', (request, socket, head) => {
    if (!isConnected) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    void endpoint.upgrade(request, socket, head);
  });
  stack.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
    await app.close();
  });

  const resources = stack.move();
  const site: DashboardSite = {
    origin,
    cluster,
    signedIn: undefined,
    endSignIns() {
      signIns.abort();
      signIns = new AbortController();
    },
    disconnect() {
      isConnected = false;
      for (const socket of sockets) socket.destroy();
    },
    connect: () => void (isConnected = true),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  return site;
}

function principalOf(person: Person, signal: AbortSignal): Principal {
  return {
    ...person,
    subject: `https://issuer.example#${person.user}`,
    groups: [],
    expiresAt: new Date(Date.now() + signInLifetimeMs),
    signal,
  };
}
