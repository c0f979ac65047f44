import { createHash, randomBytes } from 'node:crypto';
import { userKey, type VDIUser, vdiUser } from '@vdi/api';
import { resourceOf } from '@vdi/kube';
import { exportJWK, generateKeyPair, importJWK, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  password,
  people,
  startTestGateway,
  testAccounts,
  type TestGateway,
  Visitor,
} from '../testing/start-test-gateway.ts';

const users = resourceOf<VDIUser>(vdiUser);
const { alice, admin } = people;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway(await testAccounts());
});
afterAll(() => gateway[Symbol.asyncDispose]());

const at = (path: string): URL => new URL(path, gateway.url);

interface ApiAnswer {
  readonly status: number;
  readonly challenge: string | null;
  readonly user?: string | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly message?: string | undefined;
}

/** Whom the API takes the bearer of `token` for. */
async function whoIs(token: string, headers: Readonly<Record<string, string>> = {}): Promise<ApiAnswer> {
  const response = await fetch(at('/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: '{"query":"{ me { user roles } }"}',
  });
  const { data, errors } = (await response.json()) as {
    data?: { me: { user: string; roles: string[] } } | null;
    errors?: { message: string }[];
  };
  const challenge = response.headers.get('www-authenticate');
  return { status: response.status, challenge, ...data?.me, message: errors?.[0]?.message };
}

/** What a program on a person's machine does (RFC 8252); it listens on some port of the loopback address. */
const redirectUri = 'http://127.0.0.1:49152/callback';
const verifier = randomBytes(32).toString('base64url');
const authorization = (changes: Readonly<Record<string, string>> = {}): URL => {
  const url = at('/oidc/auth');
  url.search = new URLSearchParams({
    client_id: 'vdi-cli',
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    state: 'some-state',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  }).toString();
  return url;
};

/** Signs in for the program and answers its question; where the browser is sent in the end. */
async function browserEndsAt(user: string, answer: 'allow' | 'deny'): Promise<URL> {
  const visitor = new Visitor();
  const form = await visitor.follow(authorization());
  const consent = await visitor.follow(form.url, { method: 'POST', form: { user, password } });
  expect(consent.body).toContain('Let a program in?');
  let next = await visitor.ask(consent.url, { method: 'POST', form: { answer } });
  while (next.headers.location?.startsWith(redirectUri) !== true) {
    expect(next.headers.location).toBeDefined();
    next = await visitor.ask(new URL(next.headers.location ?? '', next.url));
  }
  return new URL(next.headers.location);
}

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
}

async function redeem(code: string, codeVerifier = verifier): Promise<{ status: number; tokens: Tokens }> {
  const response = await fetch(at('/oidc/token'), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'vdi-cli',
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    }),
  });
  return { status: response.status, tokens: (await response.json()) as Tokens };
}

async function tokensOf(user: string): Promise<Tokens> {
  const { searchParams } = await browserEndsAt(user, 'allow');
  return (await redeem(searchParams.get('code') ?? '')).tokens;
}

describe('a program with the embedded provider', () => {
  it('uses the API as the person who allowed it, with their name and roles, and without cookie or origin', async () => {
    const { access_token: token } = await tokensOf(admin.user);
    const expected = { status: 200, user: admin.user, roles: ['user', 'operator', 'admin'] };
    expect(await whoIs(token)).toMatchObject(expected);
    expect(await whoIs(token, { origin: 'http://evil.example' })).toMatchObject(expected);
    const { spec } = await gateway.kube.get(users, { name: userKey(admin.user) });
    expect(spec).toMatchObject({ user: admin.user, subject: expect.stringMatching(/^urn:vdi:local-accounts#\w+$/) });
  });

  it('is the same person as in a browser', async () => {
    const visitor = new Visitor();
    await visitor.signIn(gateway.url, alice.user, password);
    expect(await whoIs((await tokensOf(alice.user)).access_token)).toMatchObject({ status: 200, user: alice.user });
  });

  it('gets nothing when the person says no', async () => {
    const { searchParams } = await browserEndsAt(alice.user, 'deny');
    expect([searchParams.get('error'), searchParams.get('code')]).toEqual(['access_denied', null]);
  });

  it('gets nothing from a question that another site answered', async () => {
    const visitor = new Visitor();
    const form = await visitor.follow(authorization());
    const consent = await visitor.follow(form.url, { method: 'POST', form: { user: alice.user, password } });
    const headers = { origin: 'http://evil.example' };
    const again = await visitor.ask(consent.url, { method: 'POST', form: { answer: 'allow' }, headers });
    expect([again.status, again.headers.location]).toEqual([200, undefined]);
  });

  it('gets nothing for a code without the secret that it began with, nor twice', async () => {
    const stolen = (await browserEndsAt(alice.user, 'allow')).searchParams.get('code') ?? '';
    expect((await redeem(stolen, randomBytes(32).toString('base64url'))).status).toBe(400);
    const code = (await browserEndsAt(alice.user, 'allow')).searchParams.get('code') ?? '';
    expect([(await redeem(code)).status, (await redeem(code)).status]).toEqual([200, 400]);
  });

  it.each([
    ['to another site', { redirect_uri: 'https://evil.example/callback' }],
    ['to another path', { redirect_uri: 'http://127.0.0.1:49152/elsewhere' }],
    ['as a program that nobody knows', { client_id: 'unknown' }],
  ])('is sent nowhere %s', async (_where, changes) => {
    const answer = await new Visitor().ask(authorization(changes));
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  });

  it('begins with PKCE only', async () => {
    const url = authorization();
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const { headers } = await new Visitor().ask(url);
    expect(new URL(headers.location ?? '').searchParams.get('error')).toBe('invalid_request');
  });

  it('is let in no longer when its person is locked out, and again afterwards', async () => {
    const { access_token: token } = await tokensOf(alice.user);
    expect(await whoIs(token)).toMatchObject({ status: 200 });
    const disable = async (disabled: boolean) =>
      await gateway.kube.patch(users, { name: userKey(alice.user) }, { type: 'merge', value: { spec: { disabled } } });
    await disable(true);
    await expect.poll(async () => (await whoIs(token)).status, { timeout: 10_000 }).toBe(403);
    expect((await whoIs(token)).message).toMatch(/locked out.*Ask your administrator/);
    await disable(false);
    await expect.poll(async () => (await whoIs(token)).status, { timeout: 10_000 }).toBe(200);
  });
});

describe('a token that is not valid', () => {
  type Forge = (facts: { readonly signingKey: Parameters<typeof importJWK>[0] }) => Promise<string>;
  const nowSeconds = () => Math.floor(Date.now() / 1_000);
  const valid = () => ({
    iss: at('/oidc').href,
    aud: gateway.url.origin,
    sub: 'somebody',
    preferred_username: 'mallory',
    groups: ['vdi-admins'],
    iat: nowSeconds(),
    exp: nowSeconds() + 300,
  });
  const header = () => ({ alg: 'ES256', kid: gateway.providerKeys.signingKey.kid ?? '', typ: 'at+jwt' });
  const signed = (claims: object, changes: Partial<JWTHeaderParameters> = {}): Promise<string> =>
    signedWith(gateway.providerKeys.signingKey, claims, changes);
  const signedWith = async (
    key: Parameters<typeof importJWK>[0],
    claims: object,
    changes: Partial<JWTHeaderParameters> = {},
  ): Promise<string> =>
    await new SignJWT({ ...claims })
      .setProtectedHeader({ ...header(), ...changes })
      .sign(await importJWK(key, 'ES256'));
  const foreignKey = async () => await exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey);
  const without = (claim: string) => Object.fromEntries(Object.entries(valid()).filter(([name]) => name !== claim));

  it('differs in that alone from one that is', async () => {
    expect(await whoIs(await signed(valid()))).toMatchObject({ status: 200, user: 'mallory' });
  });

  const forgeries: Readonly<Record<string, Forge>> = {
    'that is none': async () => 'nonsense',
    'that is very long': async () => `${await signed(valid())}${'x'.repeat(12_500)}`,
    'without a signature': async () => new UnsecuredJWT(valid()).encode(),
    'whose signature is another': async () => (await signed(valid())).replace(/\.[\w-]{10}(?=[\w-]*$)/, '.AAAAAAAAAA'),
    'of a key that nobody knows': async () => await signedWith(await foreignKey(), valid()),
    'of a key that claims another name': async () => await signedWith(await foreignKey(), valid(), { kid: 'other' }),
    'with the public key as a secret': async () => {
      const { d: _private, ...publicKey } = gateway.providerKeys.signingKey;
      const secret = new TextEncoder().encode(JSON.stringify(publicKey));
      return await new SignJWT(valid()).setProtectedHeader({ ...header(), alg: 'HS256' }).sign(secret);
    },
    'of another issuer': async () => await signed({ ...valid(), iss: 'https://evil.example' }),
    'for somebody else': async () => await signed({ ...valid(), aud: 'https://other.example' }),
    'for nobody': async () => await signed(without('aud')),
    'that has expired': async () => await signed({ ...valid(), exp: nowSeconds() - 60 }),
    'that never expires': async () => await signed(without('exp')),
    'that is not valid yet': async () => await signed({ ...valid(), nbf: nowSeconds() + 300 }),
    'of nobody': async () => await signed(without('sub')),
    'of another type': async () => await signed(valid(), { typ: 'logout+jwt' }),
    'that is the proof of a sign-in': async () => (await tokensOf(alice.user)).id_token,
    'that is a session ticket': async () => await signed(valid(), { typ: 'vdi-ticket+jwt' }),
  };

  it.each(Object.keys(forgeries))('is refused: one %s', async (what) => {
    const token = await forgeries[what]!({ signingKey: gateway.providerKeys.signingKey });
    const { status, challenge, message, user } = await whoIs(token);
    expect([status, challenge, user]).toEqual([401, 'Bearer error="invalid_token"', undefined]);
    expect(message).toMatch(/access token is refused, because .*Get a new one from the provider/);
  });

  it('does not fall back on a cookie', async () => {
    const visitor = new Visitor();
    await visitor.signIn(gateway.url, alice.user, password);
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    expect(await whoIs('nonsense', { cookie, origin: gateway.url.origin })).toMatchObject({ status: 401 });
  });

  it('opens no page and no door', async () => {
    const { access_token: token } = await tokensOf(alice.user);
    const headers = { authorization: `Bearer ${token}` };
    expect((await new Visitor().ask(at('/open/vdi/desk'), { headers })).headers.location).toMatch(/^\/login/);
  });
});
