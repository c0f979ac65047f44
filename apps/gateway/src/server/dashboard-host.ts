import type { IncomingMessage, ServerResponse } from 'node:http';
import type { VDISession } from '@vdi/api';
import { type Page, pageHeaders, renderPage } from '@vdi/identity';
import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Principal } from '../auth/principal.ts';
import type { SignIn } from '../auth/sign-in.ts';
import type { Authorizer } from '../authorize/authorize.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AddressOf } from './client-address.ts';
import type { DashboardFiles } from './dashboard-files.ts';
import { dashboardMissingPage, foreignSessionPage, noSuchSessionPage, nothingHerePage, startingPage } from './pages.ts';

export interface DashboardHostOptions {
  readonly signIn: SignIn;
  readonly authorizer: Authorizer;
  readonly catalog: Catalog;
  /** Undefined when the dashboard is not built. */
  readonly files: DashboardFiles | undefined;
  /** Whose request it is, for the audit. */
  readonly addressOf: AddressOf;
  /** An address on the session's host that lets the person in, once. */
  openSession(principal: Principal, session: VDISession): Promise<{ readonly url: string }>;
}

export interface DashboardHost {
  readonly app: FastifyInstance;
  /** All of `app`, also those registered on top: `GET /login`, `* /graphql`. */
  readonly routes: ReadonlySet<string>;
}

/** The routes of the dashboard's host. What has its own parser (GraphQL) is registered on top. */
export function createDashboardHost(options: DashboardHostOptions): DashboardHost {
  const app = fastify({
    logger: false,
    bodyLimit: 1_048_576,
    requestTimeout: 30_000,
    genReqId: () => crypto.randomUUID(),
  });
  const routes = new Set<string>();
  app.addHook('onRoute', ({ method, url }) => {
    // HEAD comes with every GET.
    const methods = [method].flat().filter((name) => name !== 'HEAD');
    if (methods.length > 0) routes.add(`${methods.length > 1 ? '*' : methods[0]} ${url}`);
  });
  registerSignIn(app, options.signIn);
  registerHealth(app, options.catalog);
  registerOpen(app, options);
  registerFiles(app, options.files);
  return { app, routes };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

/** Lets `answer` write to the connection itself. */
function direct(answer: Answer) {
  return async (
    request: { readonly raw: IncomingMessage },
    reply: { readonly raw: ServerResponse; hijack(): unknown },
  ): Promise<void> => {
    reply.hijack();
    await answer(request.raw, reply.raw);
  };
}

function registerSignIn(app: FastifyInstance, signIn: SignIn): void {
  // The form that signs out has no fields of interest.
  app.addContentTypeParser('application/x-www-form-urlencoded', (_request, body, done) => {
    body.resume();
    done(null, undefined);
  });
  app.get(
    '/login',
    direct(async (request, response) => await signIn.begin(request, response)),
  );
  app.get(
    '/callback',
    direct(async (request, response) => await signIn.finish(request, response)),
  );
  app.post(
    '/logout',
    direct(async (request, response) => await signIn.signOut(request, response)),
  );
}

function registerHealth(app: FastifyInstance, { synced }: Catalog): void {
  let isSynced = false;
  synced.then(
    () => (isSynced = true),
    // Disposed of before it was whole: then nobody asks any more.
    () => undefined,
  );
  app.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/readyz', async (_request, reply) =>
    reply
      .code(isSynced ? 200 : 503)
      .type('text/plain')
      .send(isSynced ? 'ok\n' : 'The objects of the cluster are not all read yet\n'),
  );
}

/** `GET /open/<namespace>/<name>`: from the dashboard, or a bookmark, into a session. */
function registerOpen(app: FastifyInstance, options: DashboardHostOptions): void {
  const { signIn, authorizer, catalog } = options;
  app.get<{ Params: { readonly namespace: string; readonly name: string } }>(
    '/open/:namespace/:name',
    async ({ raw, params, id }, reply) => {
      const { namespace, name } = params;
      const principal = signIn.principalOf(raw);
      if (principal === undefined) {
        const returnTo = `/open/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
        return await reply.redirect(`/login?returnTo=${encodeURIComponent(returnTo)}`, 303);
      }
      await catalog.synced;
      const session = catalog.session(namespace, name);
      const decision =
        session === undefined
          ? undefined
          : authorizer.decide(
              principal,
              'session.open',
              { kind: 'session', session },
              { surface: 'http', requestId: id, address: options.addressOf(raw) },
            );
      if (session !== undefined && decision?.allowed === true) {
        if (session.status?.host === undefined) return await page(reply, startingPage(session.status?.message));
        const { url } = await options.openSession(principal, session);
        return await reply.header('cache-control', 'no-store').redirect(url, 303);
      }
      return await page(reply, session === undefined ? noSuchSessionPage : foreignSessionPage);
    },
  );
}

function registerFiles(app: FastifyInstance, files: DashboardFiles | undefined): void {
  app.get('/*', async ({ url }, reply) => {
    const path = url.split('?', 1)[0] ?? '/';
    const file = files?.at(path);
    if (file !== undefined) {
      return await reply.type(file.contentType).header('cache-control', file.cacheControl).send(file.body);
    }
    return await page(reply, files === undefined ? dashboardMissingPage : nothingHerePage);
  });
  app.setNotFoundHandler(async (_request, reply) => await page(reply, nothingHerePage));
}

async function page(reply: FastifyReply, shown: Page): Promise<FastifyReply> {
  return await reply
    .code(shown.status ?? 200)
    .headers(pageHeaders(shown))
    .send(renderPage(shown));
}
