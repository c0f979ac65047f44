import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { userKey, type VDIUser, vdiUser } from '@vdi/api';
import { resourceOf } from '@vdi/kube';
import { launchBrowser } from '@vdi/testing/desktops';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Answer,
  startTestGateway,
  type TestGateway,
  Visitor,
} from '../../apps/gateway/src/testing/start-test-gateway.ts';
import { apiAudience, type ExternalProvider, startExternalProvider } from './openid-provider.ts';

/** The gateway with an OpenID provider that is not its own: other keys, other pages, another server. */
const users = resourceOf<VDIUser>(vdiUser);
const alice = { email: 'Alice@Example.com', emailVerified: true, groups: ['vdi-admins', 'staff'] };
const clientSecret = randomBytes(32).toString('base64url');
const nativeRedirect = 'http://127.0.0.1:49153/callback';

let provider: ExternalProvider;
beforeEach(async () => {
  provider = await startExternalProvider();
  provider.people.set('alice', alice);
});
afterEach(() => provider[Symbol.asyncDispose]());

const identity = () => ({
  kind: 'external' as const,
  issuer: provider.issuer,
  clientId: 'vdi',
  clientSecret,
  claims: { user: 'email', groups: 'groups' },
  idTokenAlgorithm: 'RS256',
  audience: apiAudience,
});

/** @param changes of what the provider knows of the gateway */
async function aGateway(changes: Readonly<Record<string, unknown>> = {}): Promise<TestGateway> {
  return await startTestGateway([], async (url) => {
    await provider.serve(clientsOf(url, changes));
    return { identity: identity() };
  });
}

function clientsOf(gateway: URL, changes: Readonly<Record<string, unknown>>) {
  return [
    {
      client_id: 'vdi',
      client_secret: clientSecret,
      redirect_uris: [new URL('/callback', gateway).href],
      post_logout_redirect_uris: [gateway.href],
      response_types: ['code' as const],
      grant_types: ['authorization_code'],
      ...changes,
    },
    {
      client_id: 'a-program',
      application_type: 'native' as const,
      token_endpoint_auth_method: 'none' as const,
      redirect_uris: [nativeRedirect],
      response_types: ['code' as const],
      grant_types: ['authorization_code'],
    },
  ];
}

/** From a page that leads to the provider's sign-in to the page after it, without a browser. */
async function throughProvider(visitor: Visitor, start: URL, person: string): Promise<Answer> {
  const login = await visitor.follow(start);
  const consent = await visitor.follow(login.url, {
    method: 'POST',
    form: { prompt: 'login', login: person, password: 'any' },
  });
  return await visitor.follow(consent.url, { method: 'POST', form: { prompt: 'consent' } });
}

const signIn = (visitor: Visitor, gateway: TestGateway, person = 'alice'): Promise<Answer> =>
  throughProvider(visitor, new URL('/login?returnTo=/readyz', gateway.url), person);

async function whoIs(gateway: TestGateway, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: gateway.url.origin, ...headers },
    body: '{"query":"{ me { user displayName roles } }"}',
  });
  const { data } = (await response.json()) as { data?: { me: object } | null };
  return data?.me ?? response.status;
}

const cookieOf = ({ cookies }: Visitor): Readonly<Record<string, string>> => ({
  cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
});

const theAdministrator = {
  user: 'alice@example.com',
  displayName: 'The alice',
  roles: ['user', 'operator', 'admin'],
};

describe('signing in through an external provider', () => {
  it('works in a browser, which ends as who the provider says, in the dashboard', async () => {
    await using gateway = await aGateway();
    await using browser = await launchBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(new URL('/login?returnTo=/readyz', gateway.url).href);
    expect(new URL(page.url()).origin).toBe(provider.issuer.origin);
    await page.fill('input[name=login]', 'alice');
    await page.fill('input[name=password]', 'any');
    await page.click('button[type=submit]');
    await page.click('button[type=submit]:has-text("Continue")');
    await page.waitForURL(new URL('/readyz', gateway.url).href);
    const me = await page.evaluate<unknown>(
      `fetch('/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ me { user displayName roles } }' }) })
        .then((response) => response.json()).then(({ data }) => data.me)`,
    );
    expect(me).toEqual(theAdministrator);
    expect(await page.evaluate<string>('document.cookie')).toBe('');
  });

  it('binds the verified address to the subject, and is written down', async () => {
    await using gateway = await aGateway();
    const visitor = new Visitor();
    expect((await signIn(visitor, gateway)).url.href).toBe(new URL('/readyz', gateway.url).href);
    expect(await whoIs(gateway, cookieOf(visitor))).toEqual(theAdministrator);
    const { spec } = await gateway.kube.get(users, { name: userKey('alice@example.com') });
    expect(spec).toMatchObject({
      user: 'alice@example.com',
      subject: `${provider.issuer.origin}#alice`,
      email: alice.email,
      groups: alice.groups,
    });
    expect(readFileSync(gateway.auditFile, 'utf8')).toContain(`"subject":"${provider.issuer.origin}#alice"`);
  });

  it('gives nobody a name by an address that is not verified', async () => {
    provider.people.set('mallory', { ...alice, emailVerified: false, groups: [] });
    await using gateway = await aGateway();
    const visitor = new Visitor();
    await signIn(visitor, gateway, 'mallory');
    expect(await whoIs(gateway, cookieOf(visitor))).toMatchObject({ user: 'mallory', roles: ['user'] });
  });

  it('keeps a name to the first who had it, whoever has the address later', async () => {
    provider.people.set('heir', alice);
    await using gateway = await aGateway();
    await signIn(new Visitor(), gateway);
    const refused = await signIn(new Visitor(), gateway, 'heir');
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('belongs to somebody else')]);
  });

  it('is refused when the provider signs in another way than was agreed', async () => {
    await using gateway = await aGateway({ id_token_signed_response_alg: 'ES256' });
    const visitor = new Visitor();
    const answer = await signIn(visitor, gateway);
    expect([answer.status, answer.body]).toEqual([400, expect.stringContaining('Signing in did not work')]);
    expect(await whoIs(gateway, cookieOf(visitor))).toBe(401);
  });

  it('says so when the person did not agree', async () => {
    await using gateway = await aGateway();
    const visitor = new Visitor();
    const login = await visitor.follow(new URL('/login', gateway.url));
    const aborted = await visitor.follow(new URL(`${login.url.pathname}/abort`, provider.issuer));
    expect([aborted.status, aborted.url.pathname]).toEqual([400, '/callback']);
    expect(await whoIs(gateway, cookieOf(visitor))).toBe(401);
  });

  it('ends at the provider, too, also after a restart', async () => {
    await using gateway = await aGateway();
    for (const isRestarted of [false, true]) {
      const visitor = new Visitor();
      await signIn(visitor, gateway);
      if (isRestarted) await gateway.restart();
      const { status, headers } = await visitor.ask(new URL('/logout', gateway.url), { method: 'POST', form: {} });
      const next = new URL(headers.location ?? '');
      expect([status, next.origin, next.pathname]).toEqual([303, provider.issuer.origin, '/session/end']);
      expect(next.searchParams.get('post_logout_redirect_uri')).toBe(gateway.url.href);
      expect(next.searchParams.has(isRestarted ? 'client_id' : 'id_token_hint')).toBe(true);
      expect((await visitor.ask(next)).status).toBe(200);
      expect(await whoIs(gateway, cookieOf(visitor))).toBe(401);
    }
  });

  it('is possible as soon as the provider answers', async () => {
    let url: URL | undefined;
    const starting = startTestGateway([], async (found) => {
      url = found;
      return { identity: identity() };
    });
    await expect.poll(() => provider.asked('/.well-known/openid-configuration')).toBeGreaterThan(0);
    await provider.serve(clientsOf(url!, {}));
    await using gateway = await starting;
    const visitor = new Visitor();
    await signIn(visitor, gateway);
    expect(await whoIs(gateway, cookieOf(visitor))).toEqual(theAdministrator);
  });
});

describe('a program with a token of an external provider', () => {
  /** Signs in for the program, which asks for a token for `resource`. */
  async function accessToken(person: string, resource: string): Promise<string> {
    const codeVerifier = randomBytes(32).toString('base64url');
    const start = new URL('/auth', provider.issuer);
    start.search = new URLSearchParams({
      client_id: 'a-program',
      response_type: 'code',
      redirect_uri: nativeRedirect,
      scope: 'openid use',
      resource,
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    }).toString();
    const code = await codeThroughProvider(new Visitor(), start, person);
    const response = await fetch(new URL('/token', provider.issuer), {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'a-program',
        code,
        redirect_uri: nativeRedirect,
        code_verifier: codeVerifier,
        resource,
      }),
    });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  it('is the person of the token, whom a browser would be, whatever page it comes from', async () => {
    await using gateway = await aGateway();
    const authorization = `Bearer ${await accessToken('alice', apiAudience)}`;
    const { displayName: _notInAccessTokens, ...same } = theAdministrator;
    expect(await whoIs(gateway, { authorization, origin: 'https://evil.example' })).toMatchObject(same);
    const { spec } = await gateway.kube.get(users, { name: userKey('alice@example.com') });
    expect(spec.subject).toBe(`${provider.issuer.origin}#alice`);
    const visitor = new Visitor();
    await signIn(visitor, gateway);
    expect(await whoIs(gateway, cookieOf(visitor))).toMatchObject(same);
  });

  it('has no name by an address that is not verified', async () => {
    provider.people.set('mallory', { ...alice, emailVerified: false, groups: [] });
    await using gateway = await aGateway();
    const authorization = `Bearer ${await accessToken('mallory', apiAudience)}`;
    expect(await whoIs(gateway, { authorization })).toMatchObject({ user: 'mallory', roles: ['user'] });
  });

  it('is refused with a token for another service, and with the name of somebody else', async () => {
    provider.people.set('heir', alice);
    await using gateway = await aGateway();
    expect(
      await whoIs(gateway, { authorization: `Bearer ${await accessToken('alice', 'https://other.example')}` }),
    ).toBe(401);
    await signIn(new Visitor(), gateway);
    expect(await whoIs(gateway, { authorization: `Bearer ${await accessToken('heir', apiAudience)}` })).toBe(403);
  });
});

/** The code with which the browser is sent to where the program listens; nothing has to listen there. */
async function codeThroughProvider(visitor: Visitor, start: URL, person: string): Promise<string> {
  let answer = await visitor.follow(start);
  for (const form of [{ prompt: 'login', login: person, password: 'any' }, { prompt: 'consent' }]) {
    answer = await visitor.ask(answer.url, { method: 'POST', form });
    while (answer.headers.location !== undefined) {
      const next = new URL(answer.headers.location, answer.url);
      const code = next.searchParams.get('code');
      if (next.href.startsWith(nativeRedirect) && code !== null) return code;
      answer = await visitor.ask(next);
    }
  }
  throw new Error(`The provider gave no code but ${answer.status} ${answer.body}`);
}
