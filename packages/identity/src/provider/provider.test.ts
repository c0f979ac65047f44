import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount } from '../account/account.ts';
import { createAccountDirectory } from '../account/account-directory.ts';
import { createOpenIdProvider, type OpenIdProvider } from './create-openid-provider.ts';
import { createMemoryAdapters } from './memory-adapter.ts';
import { generateProviderKeys } from './provider-keys.ts';
import { isProviderRoute } from './provider-routes.ts';

const audience = 'https://desktops.example';
/** What it says of itself; the browser reaches it by another address, as behind a proxy. */
const issuer = new URL('https://desktops.example/oidc');

async function aProvider(at: URL): Promise<OpenIdProvider> {
  const account = await createAccount({ user: 'alice', displayName: 'Alice', groups: [], password: 'x' });
  return createOpenIdProvider({
    issuer: at,
    accounts: await createAccountDirectory([account]),
    keys: await generateProviderKeys(),
    client: { id: 'gateway', secret: 'a secret of this test', redirectUri: 'https://desktops.example/callback' },
    audience,
    startUrl: 'https://desktops.example/login',
    formTargets: [],
    now: () => new Date(),
  });
}

let base: string;
const server = createServer();
beforeAll(async () => {
  const provider = await aProvider(issuer);
  server.on('request', (request, response) => void provider.handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oidc`;
});
afterAll(() => void server.close());

describe('the embedded provider', () => {
  it('gives the addresses of its issuer, whatever the request claims', async () => {
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    const response = await fetch(`${base}/.well-known/openid-configuration`, { headers });
    const found = (await response.json()) as Record<string, unknown>;
    expect(found).toMatchObject({
      issuer: issuer.href,
      authorization_endpoint: `${issuer.href}/auth`,
      token_endpoint: `${issuer.href}/token`,
      jwks_uri: `${issuer.href}/jwks`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
    expect(JSON.stringify(found)).not.toContain('evil.example');
  });

  it('publishes the public half of its key, and nothing else of it', async () => {
    const { keys } = (await (await fetch(`${base}/jwks`)).json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it.each(['/me', '/session/end/success', '/request', '/nothing', '/.well-known/oauth-authorization-server'])(
    'has nothing at %s',
    async (path) => {
      expect((await fetch(`${base}${path}`)).status).toBe(404);
      expect((await fetch(`${base}${path}`, { method: 'POST' })).status).toBe(404);
    },
  );

  it.each([
    ['plain http elsewhere', 'http://desktops.example/oidc', false],
    ['plain http in a network', 'http://192.0.2.1/oidc', false],
    ['plain http on this machine', 'http://localhost:8080/oidc', true],
    ['https', 'https://desktops.example/oidc', true],
  ])('is made for %s: %s (%s)', async (_what, at, isMade) => {
    const made = aProvider(new URL(at));
    if (isMade) await expect(made).resolves.toBeDefined();
    else await expect(made).rejects.toThrow('needs https');
  });
});

describe('the routes of the provider', () => {
  it.each([
    ['GET', '/auth', true],
    ['GET', '/auth/abc-DEF_1', true],
    ['POST', '/token', true],
    ['GET', '/token', false],
    ['POST', '/auth', false],
    ['GET', '/auth/', false],
    ['GET', '/auth/a/b', false],
    ['GET', '/xwell-known/openid-configuration', false],
    ['DELETE', '/interaction/abc', false],
  ])('%s %s: %s', (method, path, isRoute) => {
    expect(isProviderRoute(method, path)).toBe(isRoute);
  });
});

describe('what the provider remembers', () => {
  it('is gone after its time, per model, and when its grant is revoked', async () => {
    let time = 0;
    const adapters = createMemoryAdapters(() => new Date(time));
    const codes = adapters('AuthorizationCode');
    await codes.upsert('one', { uid: 'u', grantId: 'g' }, 60);
    await codes.upsert('two', { grantId: 'other' }, 60);
    expect(await adapters('Session').find('one')).toBeUndefined();
    expect(await codes.findByUid('u')).toMatchObject({ grantId: 'g' });
    await codes.consume('one');
    expect(await codes.find('one')).toMatchObject({ consumed: 0 });
    await codes.revokeByGrantId('g');
    expect(await codes.find('one')).toBeUndefined();
    expect(await codes.find('two')).toBeDefined();
    time = 60_000;
    expect(await codes.find('two')).toBeUndefined();
  });

  it('has a limit: strangers can begin sign-ins without end', async () => {
    const interactions = createMemoryAdapters(() => new Date(0))('Interaction');
    for (let count = 0; count <= 20_000; count += 1) await interactions.upsert(`${count}`, {}, 60);
    expect(await interactions.find('0')).toBeUndefined();
    expect(await interactions.find('20000')).toBeDefined();
  });
});
