import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock } from '@vdi/controller';
import { createTicketSigner, type TicketKeys } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { openAuditFile } from './audit/audit-file.ts';
import type { AuditLog } from './audit/audit-log.ts';
import { openAuditOutput } from './audit/audit-output.ts';
import { discoverProvider } from './auth/discover-provider.ts';
import { defaultRoleGroups, type RoleGroups } from './auth/roles-of.ts';
import { createSignIn, type SignIn } from './auth/sign-in.ts';
import { createAuthorizer } from './authorize/authorize.ts';
import type { Catalog } from './catalog/catalog.ts';
import { startCatalog } from './catalog/start-catalog.ts';
import type { DoorAnswer } from './door/answer.ts';
import { createDoor } from './door/door.ts';
import { registerGraphql } from './graphql/graphql-endpoint.ts';
import { routesByHost } from './server/routes-by-host.ts';
import { createDashboardHost } from './server/dashboard-host.ts';
import { readDashboardFiles } from './server/dashboard-files.ts';
import { addressBehind } from './server/client-address.ts';
import { type IdentitySource, openIdentity } from './server/identity-source.ts';

export interface GatewayOptions {
  readonly kube: KubeClient;
  /** The namespaces in which sessions live. */
  readonly namespaces: readonly string[];
  /** Where people reach the dashboard; sessions are one label below: `http://localhost:8080`, `http://alice.localhost:8080`. */
  readonly publicUrl: URL;
  readonly identity: IdentitySource;
  /** The private half signs what desktops accept. */
  readonly ticketKeys: TicketKeys;
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
}

/** The web side of the installation: whoever listens hands requests in. */
export interface Gateway extends AsyncDisposable {
  /** Resolves when the objects of the cluster have been read once; requests before that may miss some. */
  readonly synced: Promise<void>;
  /** Resolves when the OpenID provider has told its configuration. */
  readonly discovered: Promise<void>;
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers Traefik's ForwardAuth; for a listener that nobody but Traefik reaches. */
  verify(request: IncomingMessage): Promise<DoorAnswer>;
}

const signInLifetimeMs = 12 * 60 * 60_000;
/** How soon what runs in the name of somebody who was locked out ends. */
const sweepMs = 2_000;

/** Dashboard, login, GraphQL and session doors, told apart by the host that was asked for. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { kube, namespaces, publicUrl, clock, log } = options;
  const now = (): Date => clock.now();
  await using owned = new AsyncDisposableStack();
  const addressOf = addressBehind(options.trustedProxies ?? []);
  const authorizer = createAuthorizer({ audit: openAudit(options, owned) });
  const catalog = owned.use(startCatalog({ kube, namespaces, clock, log }));
  const identity = openIdentity(options.identity, publicUrl, now);
  const signIn = owned.use(
    createSignIn({
      ...identity,
      publicUrl,
      roleGroups: options.roleGroups ?? defaultRoleGroups,
      kube,
      lifetimeMs: signInLifetimeMs,
      now,
      log: log.child({ part: 'login' }),
    }),
  );
  const { discovered } = owned.use(discoverProvider(identity.login, clock, log.child({ part: 'login' })));
  owned.defer(endLockedOutEvery(sweepMs, { clock, signIn, catalog }));
  const signer = await createTicketSigner(options.ticketKeys.privateJwk);
  const door = owned.use(
    createDoor({ catalog, authorizer, kube, signer, publicUrl, addressOf, now, log: log.child({ part: 'door' }) }),
  );
  const app = createDashboardHost({
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
      origins: [publicUrl.origin],
      openSession: (principal, session) => door.open(principal, session),
      log: log.child({ part: 'graphql' }),
    }),
  );
  await app.ready();

  const route = routesByHost({ publicUrl, door, app, graphql, identity, log });
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

/** Ends, again and again, what is signed in as somebody who was disabled or whose name was given to another person. */
function endLockedOutEvery(
  periodMs: number,
  { clock, signIn, catalog }: { readonly clock: Clock; readonly signIn: SignIn; readonly catalog: Catalog },
): () => void {
  let cancel = (): void => undefined;
  const sweep = (): void => {
    signIn.sessions.sweep(({ user, subject }) => {
      const spec = catalog.user(user)?.spec;
      return spec?.disabled === true || (spec?.subject !== undefined && spec.subject !== subject);
    });
    cancel = clock.after(periodMs, sweep);
  };
  sweep();
  return () => cancel();
}
