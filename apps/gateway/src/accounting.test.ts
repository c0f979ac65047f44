import { createHash, randomBytes } from 'node:crypto';
import type { VDISession } from '@vdi/api';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from './graphql/schema.ts';
import { opsPaths } from './listen/ops-handler.ts';
import {
  type AccountedGateway,
  ask,
  type Asked,
  type PersonName,
  persons,
  sessions,
  startAccountedGateway,
} from './testing/accounted-gateway.ts';
import { password, Visitor } from './testing/start-test-gateway.ts';

/**
 * The account of everything that can be reached: each route of each host, each upgrade, `/verify`, each field of GraphQL,
 * with somebody who may and somebody who may not, over real HTTP. What is added without its line here fails.
 */
let at: AccountedGateway;
beforeAll(async () => {
  at = await startAccountedGateway();
});
afterAll(() => at[Symbol.asyncDispose]());

const dashboard = (path: string): URL => new URL(path, at.gateway.url);
const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: 'text/html' };
const foreignHost = { host: 'evil.example' };
const foreignOrigin = { origin: 'http://evil.example' };
const hostOf = ({ metadata }: VDISession): string => `${metadata.name}.${at.gateway.url.host}`;

/** The address with a code that the dashboard sends Alice to, as soon as the gateway knows the session. */
async function codeFor({ metadata: { name } }: VDISession): Promise<URL> {
  const open = await vi.waitFor(async () => {
    const found = await ask(dashboard(`/open/vdi-sessions/${name}`), { headers: { cookie: at.cookieOf('alice') } });
    expect([found.status, found.headers.location]).toEqual([303, expect.stringContaining('code=')]);
    return found;
  });
  return new URL(open.headers.location ?? '');
}

/** A session with Alice's cookie for its door. */
async function entered(state: 'running' | 'starting' = 'running') {
  const session = await at.session(state);
  const { pathname, search } = await codeFor(session);
  const host = hostOf(session);
  const { headers } = await ask(dashboard(`${pathname}${search}`), { headers: { host, ...navigation } });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  // As soon as the door knows that there is a desktop.
  const ready = state === 'running' ? 200 : 503;
  await expect.poll(async () => (await ask(dashboard('/'), { headers: { host, cookie } })).status).toBe(ready);
  return { session, host, cookie, origin: `http://${host}` };
}

/** The provider's page that asks for name and password, with the cookies it belongs to. */
async function signInForm(): Promise<{ visitor: Visitor; form: Asked & { readonly url: URL } }> {
  const visitor = new Visitor();
  return { visitor, form: await visitor.follow(dashboard('/login')) };
}

const codeVerifier = randomBytes(32).toString('base64url');
const nativeRedirect = 'http://127.0.0.1:49154/callback';
const authorization = (clientId = 'vdi-cli'): URL => {
  const url = dashboard('/oidc/auth');
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: nativeRedirect,
    scope: 'openid',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  return url;
};

/** A code of the provider for a program, all questions answered. */
async function nativeCode(): Promise<string> {
  const visitor = new Visitor();
  const form = await visitor.follow(authorization());
  const consent = await visitor.follow(form.url, { method: 'POST', form: { user: persons.alice.user, password } });
  let next = await visitor.ask(consent.url, { method: 'POST', form: { answer: 'allow' } });
  while (next.headers.location?.startsWith(nativeRedirect) !== true) {
    next = await visitor.ask(new URL(next.headers.location ?? '', next.url));
  }
  return new URL(next.headers.location).searchParams.get('code') ?? '';
}

async function token(code: string): Promise<number> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'vdi-cli',
    code,
    redirect_uri: nativeRedirect,
    code_verifier: codeVerifier,
  });
  return (await fetch(dashboard('/oidc/token'), { method: 'POST', body })).status;
}

const statusOf = async (url: URL, options?: Parameters<typeof ask>[1]): Promise<number> =>
  (await ask(url, options)).status;
const fromElsewhere = async (path: string): Promise<number> =>
  await statusOf(dashboard(path), { headers: foreignHost });

/** `/verify` as Traefik asks it for a browser. */
const verify = async (host: string, headers: Readonly<Record<string, string>>): Promise<number> =>
  await statusOf(new URL('/verify', at.verifyUrl), {
    headers: { 'x-forwarded-host': host, 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/', ...headers },
  });

const graphql = async (headers: Readonly<Record<string, string>>): Promise<number> =>
  await statusOf(dashboard('/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"query":"{ me { user } }"}',
  });

interface RouteCase {
  /** The status that says yes, and one who gets it. */
  readonly allow: readonly [number, () => Promise<number>];
  /** The status that says no, and one who gets it. */
  readonly deny: readonly [number, () => Promise<number>];
}

const routes: Readonly<Record<string, RouteCase>> = {
  'dashboard GET /login': {
    allow: [303, () => statusOf(dashboard('/login'))],
    deny: [421, () => fromElsewhere('/login')],
  },
  'dashboard GET /callback': {
    allow: [200, async () => (await new Visitor().signIn(at.gateway.url, persons.bob.user, password)).status],
    deny: [400, () => statusOf(dashboard('/callback?code=x&state=y'))],
  },
  'dashboard POST /logout': {
    allow: [303, () => statusOf(dashboard('/logout'), { method: 'POST', headers: { origin: at.gateway.url.origin } })],
    deny: [403, () => statusOf(dashboard('/logout'), { method: 'POST', headers: foreignOrigin })],
  },
  'dashboard GET /healthz': {
    allow: [200, () => statusOf(dashboard('/healthz'))],
    deny: [421, () => fromElsewhere('/healthz')],
  },
  'dashboard GET /readyz': {
    allow: [200, () => statusOf(dashboard('/readyz'))],
    deny: [421, () => fromElsewhere('/readyz')],
  },
  'dashboard GET /open/:namespace/:name': {
    allow: [303, async () => ((await codeFor(await at.session())).pathname === '/.vdi/enter' ? 303 : 0)],
    deny: [
      403,
      async () => {
        const session = await at.session();
        await codeFor(session);
        const { name } = session.metadata;
        return await statusOf(dashboard(`/open/vdi-sessions/${name}`), {
          headers: { cookie: at.cookieOf('operator') },
        });
      },
    ],
  },
  'dashboard GET /*': {
    allow: [200, () => statusOf(dashboard('/sessions'))],
    deny: [421, () => fromElsewhere('/')],
  },
  'dashboard * /graphql': {
    allow: [200, () => graphql({ cookie: at.cookieOf('alice'), origin: at.gateway.url.origin })],
    deny: [403, () => graphql({ cookie: at.cookieOf('alice'), ...foreignOrigin })],
  },
  'dashboard UPGRADE /graphql': {
    allow: [
      101,
      () =>
        statusOf(dashboard('/graphql'), {
          isUpgrade: true,
          headers: { cookie: at.cookieOf('alice'), origin: at.gateway.url.origin },
        }),
    ],
    deny: [401, () => statusOf(dashboard('/graphql'), { isUpgrade: true, headers: { origin: at.gateway.url.origin } })],
  },
  'provider GET /.well-known/openid-configuration': {
    allow: [200, () => statusOf(dashboard('/oidc/.well-known/openid-configuration'))],
    deny: [421, () => fromElsewhere('/oidc/.well-known/openid-configuration')],
  },
  'provider GET /jwks': {
    allow: [200, () => statusOf(dashboard('/oidc/jwks'))],
    deny: [421, () => fromElsewhere('/oidc/jwks')],
  },
  'provider GET /auth': {
    allow: [303, () => statusOf(authorization())],
    deny: [400, () => statusOf(authorization('unknown'))],
  },
  'provider GET /auth/:uid': {
    allow: [
      303,
      async () => {
        const { visitor, form } = await signInForm();
        const sent = await visitor.ask(form.url, { method: 'POST', form: { user: persons.bob.user, password } });
        const resume = new URL(sent.headers.location ?? '', form.url);
        expect(resume.pathname).toMatch(/^\/oidc\/auth\/[\w-]+$/);
        const { status, headers } = await visitor.ask(resume);
        expect(headers.location).toContain('/callback?code=');
        return status;
      },
    ],
    deny: [400, async () => (await new Visitor().ask(dashboard('/oidc/auth/another-browser'))).status],
  },
  'provider GET /interaction/:uid': {
    allow: [200, async () => (await signInForm()).form.status],
    deny: [400, async () => (await new Visitor().ask((await signInForm()).form.url)).status],
  },
  'provider POST /interaction/:uid': {
    allow: [
      303,
      async () => {
        const { visitor, form } = await signInForm();
        return (await visitor.ask(form.url, { method: 'POST', form: { user: persons.bob.user, password } })).status;
      },
    ],
    deny: [
      401,
      async () => {
        const { visitor, form } = await signInForm();
        const wrong = { user: persons.operator.user, password: 'wrong' };
        return (await visitor.ask(form.url, { method: 'POST', form: wrong })).status;
      },
    ],
  },
  'provider POST /token': {
    allow: [200, async () => await token(await nativeCode())],
    deny: [400, () => token('made-up')],
  },
  'door GET /.vdi/enter': {
    allow: [
      303,
      async () => {
        const { host, pathname, search } = await codeFor(await at.session());
        const { status, headers } = await ask(dashboard(`${pathname}${search}`), { headers: { host, ...navigation } });
        expect(headers['set-cookie']).toHaveLength(1);
        return status;
      },
    ],
    deny: [
      401,
      async () => {
        const { host } = await codeFor(await at.session());
        return await statusOf(dashboard('/.vdi/enter?code=made-up'), { headers: { host, ...navigation } });
      },
    ],
  },
  'door GET /.vdi/progress': {
    allow: [
      200,
      async () => {
        const { host, cookie } = await entered('starting');
        const { status, body } = await ask(dashboard('/.vdi/progress'), { headers: { host, cookie } });
        expect(body).toContain('"next":"wait"');
        return status;
      },
    ],
    deny: [401, async () => await statusOf(dashboard('/.vdi/progress'), { headers: { host: (await entered()).host } })],
  },
  'door GET /.vdi/progress.js': {
    allow: [
      200,
      async () => await statusOf(dashboard('/.vdi/progress.js'), { headers: { host: (await entered()).host } }),
    ],
    deny: [421, () => fromElsewhere('/.vdi/progress.js')],
  },
  'door * /*': {
    allow: [
      200,
      async () => {
        const { host, cookie, origin } = await entered();
        return await statusOf(dashboard('/renew'), { method: 'POST', headers: { host, cookie, origin }, body: '{}' });
      },
    ],
    deny: [
      403,
      async () => {
        const { host, cookie } = await entered();
        return await statusOf(dashboard('/renew'), { method: 'POST', headers: { host, cookie, ...foreignOrigin } });
      },
    ],
  },
  'door UPGRADE /*': {
    allow: [
      101,
      async () => {
        const { host, cookie, origin } = await entered();
        return await statusOf(dashboard('/ws'), { isUpgrade: true, headers: { host, cookie, origin } });
      },
    ],
    deny: [
      401,
      async () => {
        const { host, origin } = await entered();
        return await statusOf(dashboard('/ws'), { isUpgrade: true, headers: { host, origin } });
      },
    ],
  },
  'verify * /verify': {
    allow: [
      200,
      async () => {
        const { host, cookie } = await entered();
        return await verify(host, { cookie });
      },
    ],
    deny: [401, async () => await verify((await entered()).host, {})],
  },
  'ops GET /healthz': {
    allow: [200, () => statusOf(new URL('/healthz', at.opsUrl))],
    deny: [404, () => statusOf(new URL('/healthz', at.verifyUrl))],
  },
  'ops GET /readyz': {
    allow: [200, () => statusOf(new URL('/readyz', at.opsUrl))],
    deny: [404, () => statusOf(new URL('/readyz', at.verifyUrl))],
  },
  'ops GET /metrics': {
    allow: [200, () => statusOf(new URL('/metrics', at.opsUrl))],
    deny: [404, () => statusOf(new URL('/metrics', at.verifyUrl))],
  },
};

describe('every route', () => {
  it('is accounted for', () => {
    const surface = [...at.gateway.gateway.surface, 'verify * /verify', ...opsPaths.map((path) => `ops GET ${path}`)];
    expect(Object.keys(routes).toSorted()).toEqual(surface.toSorted());
  });

  it.each(Object.keys(routes))('%s is there for those who may', async (route) => {
    const [status, answer] = routes[route]!.allow;
    expect(await answer()).toBe(status);
  });

  it.each(Object.keys(routes))('%s is closed to those who may not', async (route) => {
    const reached = at.desktop.received.length;
    const [status, answer] = routes[route]!.deny;
    expect(await answer()).toBe(status);
    const beyond = at.desktop.received.slice(reached).filter(({ url }) => url !== '/');
    expect(beyond).toEqual([]);
  });

  it('that is none of them gives nothing, whatever the method', async () => {
    const cookie = at.cookieOf('alice');
    for (const method of ['PUT', 'DELETE', 'PATCH', 'POST']) {
      expect(await statusOf(dashboard('/open/vdi-sessions/x'), { method, headers: { cookie } })).toBe(404);
    }
    for (const path of ['/oidc/me', '/oidc/session/end/success', '/oidc/request', '/oidc/token/revocation']) {
      expect(await statusOf(dashboard(path))).toBe(404);
      expect(await statusOf(dashboard(path), { method: 'POST' })).toBe(404);
    }
    expect(await statusOf(dashboard('/ws'), { isUpgrade: true, headers: { cookie } })).toBe(404);
    expect(await statusOf(new URL('/', at.verifyUrl))).toBe(404);
  });

  it('of Traefik is no route of the dashboard: nobody gets a ticket there', async () => {
    const { host, cookie } = await entered();
    const headers = { 'x-forwarded-host': host, 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/', cookie };
    const answer = await ask(dashboard('/verify'), { headers });
    expect(answer.headers).not.toHaveProperty('x-vdi-ticket');
    expect(answer.body).toContain('<title>Dashboard</title>');
  });
});

interface FieldCase {
  readonly allow: PersonName;
  /** Somebody who is signed in and may not; undefined where everybody who is signed in may. */
  readonly deny: PersonName | undefined;
  /** @param name of a session of Alice's */
  readonly operation: (name: string) => string;
}

const ofSession = (verb: string, field: string): string => `${verb} { ${field} { name } }`;

const fields: Readonly<Record<string, FieldCase>> = {
  'Query.me': { allow: 'alice', deny: undefined, operation: () => '{ me { user } }' },
  'Query.vdiSessions': {
    allow: 'alice',
    deny: 'bob',
    operation: () => `{ vdiSessions(user: "${persons.alice.user}") { name } }`,
  },
  'Query.vdiSession': {
    allow: 'alice',
    deny: 'bob',
    operation: (name) => `{ vdiSession(name: "${name}") { name } }`,
  },
  'Query.vdiTemplates': { allow: 'alice', deny: undefined, operation: () => '{ vdiTemplates { name } }' },
  'Query.vdiTemplate': {
    allow: 'operator',
    deny: 'alice',
    operation: () => '{ vdiTemplate(name: "secret-desktop") { name } }',
  },
  'Query.vdiUsers': { allow: 'operator', deny: 'alice', operation: () => '{ vdiUsers { name } }' },
  'Mutation.createVDISession': {
    allow: 'alice',
    deny: 'bob',
    operation: () =>
      ofSession('mutation', `createVDISession(input: { user: "${persons.alice.user}", template: "ubuntu-desktop" })`),
  },
  'Mutation.deleteVDISession': {
    allow: 'alice',
    deny: 'bob',
    operation: (name) => ofSession('mutation', `deleteVDISession(name: "${name}")`),
  },
  'Mutation.suspendVDISession': {
    allow: 'alice',
    deny: 'bob',
    operation: (name) => ofSession('mutation', `suspendVDISession(name: "${name}")`),
  },
  'Mutation.resumeVDISession': {
    allow: 'alice',
    deny: 'bob',
    operation: (name) => ofSession('mutation', `resumeVDISession(name: "${name}")`),
  },
  'Mutation.extendVDISession': {
    allow: 'alice',
    deny: 'bob',
    operation: (name) => ofSession('mutation', `extendVDISession(name: "${name}", timeout: "24h")`),
  },
  'Mutation.shareVDISession': {
    allow: 'alice',
    deny: 'operator',
    operation: (name) => ofSession('mutation', `shareVDISession(name: "${name}", user: "carol@example.com")`),
  },
  'Mutation.unshareVDISession': {
    allow: 'alice',
    deny: 'operator',
    operation: (name) => ofSession('mutation', `unshareVDISession(name: "${name}", user: "carol@example.com")`),
  },
  'Mutation.openVDISession': {
    allow: 'alice',
    deny: 'operator',
    operation: (name) => `mutation { openVDISession(name: "${name}") { url } }`,
  },
  'Subscription.watchVDISessions': {
    allow: 'alice',
    deny: 'bob',
    operation: () => `subscription { watchVDISessions(user: "${persons.alice.user}") { type } }`,
  },
  'Subscription.watchVDISession': {
    allow: 'alice',
    deny: 'bob',
    operation: (name) => `subscription { watchVDISession(name: "${name}") { type } }`,
  },
};

const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
);

/** The code of the first error, or undefined where the operation was answered. */
async function errorOf(operation: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  if (operation.startsWith('subscription')) return await errorOfStream(operation, headers);
  const { body } = await ask(dashboard('/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: operation }),
  });
  const { errors } = JSON.parse(body) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code;
}

async function errorOfStream(query: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const closed = Promise.withResolvers<unknown>();
  const client = createClient({
    url: dashboard('/graphql').href.replace('http', 'ws'),
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers });
      }
    },
    retryAttempts: 0,
    on: {
      closed: (event) => closed.resolve((event as { code: number }).code === 4401 ? 'UNAUTHENTICATED' : event),
    },
  });
  try {
    return await client
      .iterate({ query })
      .next()
      .then(
        ({ value }) => (value?.errors?.[0]?.extensions as { code?: unknown } | undefined)?.code,
        (error: unknown) => (Array.isArray(error) ? error[0].extensions.code : closed.promise),
      );
  } finally {
    await client.dispose();
  }
}

describe('every field of GraphQL', () => {
  const told = () => at.audit().length;
  const heard = (from: number) =>
    at
      .audit()
      .slice(from)
      .map(({ allowed }) => allowed);
  const known = async (): Promise<VDISession> => {
    const session = await at.session();
    await codeFor(session);
    return session;
  };
  const specOf = async ({ metadata: { name } }: VDISession) =>
    (await at.kube.get(sessions, { namespace: 'vdi-sessions', name })).spec;

  it('is accounted for', () => {
    expect(Object.keys(fields).toSorted()).toEqual(rootFields.toSorted());
  });

  it.each(rootFields)('%s is there for those who may', async (field) => {
    const { allow, operation } = fields[field]!;
    const { name } = (await known()).metadata;
    const from = told();
    expect(await errorOf(operation(name), { cookie: at.cookieOf(allow) })).toBeUndefined();
    expect(new Set(heard(from))).toEqual(new Set([true]));
  });

  it.each(rootFields)('%s is refused to strangers', async (field) => {
    const { operation } = fields[field]!;
    const { name } = (await known()).metadata;
    const from = told();
    expect(await errorOf(operation(name), {})).toBe('UNAUTHENTICATED');
    expect(heard(from)).toEqual([false]);
  });

  it.each(rootFields.filter((field) => fields[field]?.deny !== undefined))(
    '%s is refused to the signed-in who may not, and nothing has changed',
    async (field) => {
      const { deny, operation } = fields[field]!;
      const session = await known();
      const before = await specOf(session);
      const from = told();
      expect(await errorOf(operation(session.metadata.name), { cookie: at.cookieOf(deny!) })).toBe('FORBIDDEN');
      expect(heard(from)).toEqual([false]);
      expect(await specOf(session)).toEqual(before);
    },
  );
});

describe('what was counted', () => {
  it('names no person, no session and no host', async () => {
    const text = await at.metrics.text();
    expect(text).toMatch(/^vdi_gateway_sign_ins_total\{outcome="signed_in"\} [1-9]/m);
    expect(text).toMatch(/^vdi_gateway_sign_ins_total\{outcome="expired"\} [1-9]/m);
    expect(text).toMatch(
      /^vdi_gateway_decisions_total\{action="session\.open",outcome="FORBIDDEN",surface="http"\} [1-9]/m,
    );
    expect(text).toMatch(/^vdi_gateway_door_requests_total\{surface="verify",outcome="passed"\} [1-9]/m);
    expect(text).toMatch(/^vdi_gateway_door_requests_total\{surface="http",outcome="forbidden"\} [1-9]/m);
    expect(text).toMatch(/^vdi_gateway_graphql_request_seconds_count\{type="mutation",outcome="FORBIDDEN"\} [1-9]/m);
    expect(text).toMatch(/^vdi_gateway_graphql_request_seconds_count\{type="query",outcome="ok"\} [1-9]/m);
    expect(text).toMatch(/^vdi_gateway_graphql_request_seconds_count\{type="subscription",outcome="ok"\} [1-9]/m);
    for (const { user } of Object.values(persons)) expect(text).not.toContain(user);
    expect(text).not.toMatch(/desk-\d|localhost|127\.0\.0\.1/);
  });

  it('follows those who look at a desktop', async () => {
    const { metadata } = await at.session();
    const viewers = async (): Promise<string | undefined> =>
      /^vdi_gateway_viewers (\d+)$/m.exec(await at.metrics.text())?.[1];
    const name = { namespace: 'vdi-sessions', name: metadata.name };
    const set = (count: number) =>
      at.kube.patch(
        sessions,
        name,
        { type: 'merge', value: { status: { viewers: count } } },
        { subresource: 'status' },
      );
    await set(3);
    await expect.poll(viewers).toBe('3');
    await set(1);
    await expect.poll(viewers).toBe('1');
    await at.kube.delete(sessions, name);
    await expect.poll(viewers).toBe('0');
  });
});
