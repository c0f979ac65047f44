import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock } from '@vdi/controller';
import { createTicketSigner, sendPage, type TicketKeys } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { openAuditFile } from './audit/audit-file.ts';
import { defaultRoleGroups } from './auth/roles-of.ts';
import { createSignIn, type SignIn } from './auth/sign-in.ts';
import { createAuthorizer } from './authorize/authorize.ts';
import type { Catalog } from './catalog/catalog.ts';
import { startCatalog } from './catalog/start-catalog.ts';
import { createDoor } from './door/door.ts';
import { createDashboardHost } from './server/dashboard-host.ts';
import { readDashboardFiles } from './server/dashboard-files.ts';
import { type IdentitySource, openIdentity } from './server/identity-source.ts';
import { wrongHostPage } from './server/pages.ts';
import { securityHeaders, setHeaders } from './server/security-headers.ts';

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
  /** A file that is appended to. */
  readonly auditFile: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The web side of the installation: whoever listens hands requests in. */
export interface Gateway extends AsyncDisposable {
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

const signInLifetimeMs = 12 * 60 * 60_000;
/** How soon what runs in the name of somebody who was locked out ends. */
const sweepMs = 2_000;

/** Dashboard, login, GraphQL and session doors, told apart by the host that was asked for. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { kube, namespaces, publicUrl, clock, log } = options;
  const now = (): Date => clock.now();
  await using owned = new AsyncDisposableStack();
  const authorizer = createAuthorizer({ audit: owned.use(openAuditFile(options.auditFile, now)) });
  const catalog = owned.use(startCatalog({ kube, namespaces, clock, log }));
  const identity = openIdentity(options.identity, publicUrl, now);
  const signIn = owned.use(
    createSignIn({
      ...identity,
      publicUrl,
      roleGroups: defaultRoleGroups,
      kube,
      lifetimeMs: signInLifetimeMs,
      now,
      log: log.child({ part: 'login' }),
    }),
  );
  owned.defer(endLockedOutEvery(sweepMs, { clock, signIn, catalog }));
  const signer = await createTicketSigner(options.ticketKeys.privateJwk);
  const door = owned.use(
    createDoor({ catalog, authorizer, kube, signer, publicUrl, now, log: log.child({ part: 'door' }) }),
  );
  const app = createDashboardHost({
    signIn,
    authorizer,
    catalog,
    files: readDashboardFiles(options.dashboardDirectory),
    openSession: (principal, session) => door.open(principal, session),
  });
  owned.defer(async () => await app.close());
  await app.ready();

  const headers = securityHeaders(publicUrl, identity.issuer);
  const kept = owned.move();
  return {
    handle(request, response) {
      const { host = '' } = request.headers;
      if (door.isSessionHost(host)) {
        void door.handle(request, response);
        return;
      }
      setHeaders(response, headers);
      if (host.toLowerCase() !== publicUrl.host) sendPage(response, wrongHostPage(host, publicUrl));
      else if (identity.provider !== undefined && isBelow(request.url, identity.issuer)) {
        identity.provider.handle(request, response).catch((error: unknown) => {
          log.error({ err: error }, 'The OpenID provider failed');
          response.destroy();
        });
      } else app.routing(request, response);
    },
    upgrade(request, socket, head) {
      const { host = '' } = request.headers;
      if (door.isSessionHost(host)) void door.upgrade(request, socket, head);
      else if (host.toLowerCase() === publicUrl.host && request.url === '/graphql') {
        app.server.emit('upgrade', request, socket, head);
      } else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function isBelow(url: string | undefined, { pathname }: URL): boolean {
  return url?.startsWith(`${pathname}/`) === true;
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
