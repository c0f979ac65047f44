import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock } from '@vdi/controller';
import { createTicketSigner, type TicketKeys } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import { createMetrics, type Logger, type Metrics } from '@vdi/telemetry';
import { openAuditFile } from './audit/audit-file.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { openAuditOutput } from './audit/audit-output.ts';
import { createBearerSignIns } from './auth/bearer-sign-ins.ts';
import { discoverProvider } from './auth/discover-provider.ts';
import { createLiveSignIns } from './auth/live-sign-ins.ts';
import { endLockedOut, mayGoOn } from './auth/locked-out.ts';
import { defaultRoleGroups, type RoleGroups } from './auth/roles-of.ts';
import { createSeal } from './auth/seal.ts';
import { createSignIn } from './auth/sign-in.ts';
import { createSignInSessions } from './auth/sign-in-sessions.ts';
import { createAuthorizer } from './authorize/authorize.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { DesktopsReachedBy } from './catalog/pod-endpoint.ts';
import { startCatalog } from './catalog/start-catalog.ts';
import type { DoorAnswer } from './door/answer.ts';
import { createDoor } from './door/door.ts';
import { countViewers } from './metrics/count-viewers.ts';
import { createGatewayMetrics, type GatewayMetrics } from './metrics/gateway-metrics.ts';
import { registerGraphql } from './graphql/graphql-endpoint.ts';
import { routesByHost } from './server/routes-by-host.ts';
import { createDashboardHost } from './server/dashboard-host.ts';
import { readDashboardFiles } from './server/dashboard-files.ts';
import { addressBehind } from './server/client-address.ts';
import { type IdentitySource, type OpenedIdentity, openIdentity } from './server/identity-source.ts';

export interface GatewayOptions {
  readonly kube: KubeClient;
  /** The namespaces in which sessions live. */
  readonly namespaces: readonly string[];
  readonly desktopsReachedBy: DesktopsReachedBy;
  /** Where people reach the dashboard; sessions are one label below: `http://localhost:8080`, `http://alice.localhost:8080`. */
  readonly publicUrl: URL;
  readonly identity: IdentitySource;
  /** The private half signs what desktops accept. */
  readonly ticketKeys: TicketKeys;
  /** 256 random bits that seal cookies. Left out: new ones, so that a restart signs everybody out. */
  readonly cookieKey?: Buffer;
  /** The dashboard as Vite built it; without it a page says what to do. */
  readonly dashboardDirectory: string;
  /** A file that is appended to; `-` for standard output. */
  readonly auditFile: string;
  /** Which groups make somebody what. Default: `vdi-admins` and `vdi-operators`. */
  readonly roleGroups?: RoleGroups;
  /** Addresses and CIDR blocks of proxies whose `X-Forwarded-For` is believed in the audit. Default: none. */
  readonly trustedProxies?: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Default: nobody reads what is counted. */
  readonly metrics?: Metrics;
}

/** The web side of the installation: whoever listens hands requests in. */
export interface Gateway extends AsyncDisposable {
  /** Resolves when the objects of the cluster have been read once; requests before that may miss some. */
  readonly synced: Promise<void>;
  /** Resolves when the OpenID provider has told its configuration. */
  readonly discovered: Promise<void>;
  /** Everything that `handle` and `upgrade` answer. */
  readonly surface: readonly string[];
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers Traefik's ForwardAuth; for a listener that nobody but Traefik reaches. */
  verify(request: IncomingMessage): Promise<DoorAnswer>;
}

const signInLifetimeMs = 12 * 60 * 60_000;

/** Dashboard, login, GraphQL and session doors, told apart by the host that was asked for. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { kube, publicUrl, clock, log, cookieKey = randomBytes(32) } = options;
  const now = (): Date => clock.now();
  await using owned = new AsyncDisposableStack();
  const addressOf = addressBehind(options.trustedProxies ?? []);
  const registry = options.metrics ?? createMetrics();
  const metrics = createGatewayMetrics(registry);
  const authorizer = createAuthorizer({ audit: openAudit(options, owned), metrics });
  const catalog = owned.use(startCatalog({ ...options, metrics: registry }));
  owned.defer(countViewers(catalog, (count) => metrics.viewers(count)));
  const identity = openIdentity(options.identity, publicUrl, now);
  const { signIn, sessions, bearers, discovered } = openSignIns(
    { ...options, cookieKey },
    { identity, catalog, metrics, owned },
  );
  const signer = await createTicketSigner(options.ticketKeys.privateJwk);
  const door = owned.use(
    createDoor({
      catalog,
      authorizer,
      kube,
      signer,
      publicUrl,
      addressOf,
      signIns: sessions,
      metrics,
      cookieKey,
      now,
      log: log.child({ part: 'door' }),
    }),
  );
  const { app, routes } = createDashboardHost({
    signIn,
    authorizer,
    catalog,
    addressOf,
    files: readDashboardFiles(options.dashboardDirectory),
    openSession: (principal, session) => door.open(principal, session),
  });
  owned.defer(async () => await app.close());
  const graphql = owned.use(
    await registerGraphql(app, {
      catalog,
      authorizer,
      kube,
      now,
      addressOf,
      principalOf: async (request) => signIn.principalOf(request),
      principalOfToken: (token) => bearers.principalOf(token),
      origins: [publicUrl.origin],
      openSession: (principal, session) => door.open(principal, session),
      metrics,
      log: log.child({ part: 'graphql' }),
    }),
  );
  await app.ready();

  const route = routesByHost({ publicUrl, door, app, routes: [...routes], graphql, identity, log });
  const kept = owned.move();
  return {
    synced: catalog.synced,
    discovered,
    ...route,
    verify: (request) => door.verify(request),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function openAudit({ auditFile, clock }: GatewayOptions, owned: AsyncDisposableStack): AuditLog {
  const now = (): Date => clock.now();
  return auditFile === '-' ? openAuditOutput(now) : owned.use(openAuditFile(auditFile, now));
}

/** Who is signed in, by the cookie of a browser or the token of an API client. */
function openSignIns(
  options: GatewayOptions & { readonly cookieKey: Buffer },
  {
    identity,
    catalog,
    metrics,
    owned,
  }: {
    readonly identity: OpenedIdentity;
    readonly catalog: Catalog;
    readonly metrics: GatewayMetrics;
    readonly owned: AsyncDisposableStack;
  },
) {
  const { kube, publicUrl, clock, cookieKey } = options;
  const log = options.log.child({ part: 'login' });
  const now = (): Date => clock.now();
  const live = owned.use(createLiveSignIns(now));
  let isSynced = false;
  catalog.synced.then(
    () => (isSynced = true),
    // Disposed of before it was whole: nobody asks any more.
    () => undefined,
  );
  const sessions = createSignInSessions({
    live,
    seal: createSeal(cookieKey, `sign-in at ${publicUrl.origin}`),
    lifetimeMs: signInLifetimeMs,
    mayGoOn: (record) => mayGoOn(record, catalog, isSynced),
    now,
  });
  const admission = { kube, claims: identity.claims, roleGroups: options.roleGroups ?? defaultRoleGroups };
  const signIn = createSignIn({
    ...admission,
    login: identity.login,
    publicUrl,
    sessions,
    lifetimeMs: signInLifetimeMs,
    metrics,
    now,
    log,
  });
  const bearers = createBearerSignIns({ ...admission, tokens: identity.tokens, live });
  const { discovered } = owned.use(discoverProvider(identity.login, clock, log));
  owned.use(endLockedOut({ clock, live, sessions, catalog, kube, log }));
  return { signIn, sessions, bearers, discovered };
}
