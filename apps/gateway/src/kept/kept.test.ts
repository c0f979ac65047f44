import { createAccountDirectory, createTicketSigner, verifyTicket } from '@vdi/identity';
import { builtinResources, createKubeClient, type KubeClient } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { startTestCluster, type TestCluster } from '@vdi/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccounts } from './first-accounts.ts';
import { openGatewayKeys } from './gateway-keys.ts';
import { keptSecret } from './kept-secret.ts';
import { publishTicketKeys } from './publish-ticket-keys.ts';

const namespace = 'vdi';
let cluster: TestCluster;
let kube: KubeClient;
beforeEach(async () => {
  cluster = await startTestCluster();
  kube = cluster.kube;
});
afterEach(() => cluster[Symbol.asyncDispose]());

const kept = (name: string, field: string) => keptSecret(kube, { namespace, name }, field);
const keptKeys = () => ({
  ticketKeys: kept('keys', 'ticket-keys.json'),
  providerKeys: kept('keys', 'provider-keys.json'),
  cookieKey: kept('keys', 'cookie-key'),
});

describe('a text kept in a Secret', () => {
  it('is the first one that was kept', async () => {
    expect(await kept('keys', 'one').read()).toBeUndefined();
    expect(await kept('keys', 'one').keep('first')).toBe('first');
    expect(await kept('keys', 'one').keep('second')).toBe('first');
    expect(await kept('keys', 'one').read()).toBe('first');
  });

  it('leaves its neighbours in the Secret alone', async () => {
    await kept('keys', 'one').keep('1');
    await kept('keys', 'two').keep('2');
    expect(await kept('keys', 'one').read()).toBe('1');
    expect(await kept('keys', 'two').read()).toBe('2');
  });

  it.each([false, true])('is the same to all who keep one at once (in a Secret that is there: %s)', async (isThere) => {
    if (isThere) await kept('keys', 'other').keep('x');
    const all = await Promise.all(['a', 'b', 'c', 'd'].map((text) => kept('keys', 'one').keep(text)));
    expect(new Set(all)).toEqual(new Set([await kept('keys', 'one').read()]));
  });

  it('is reached by its name alone: no Secret is listed or watched', async () => {
    const asked: string[] = [];
    const fetch: typeof cluster.fetch = async (url, init) => {
      asked.push(`${init?.method ?? 'GET'} ${new URL(url).pathname}`);
      return await cluster.fetch(url, init);
    };
    const recorded = createKubeClient({ fetch, baseUrl: 'https://test-cluster' });
    await keptSecret(recorded, { namespace, name: 'keys' }, 'one').keep('1');
    await keptSecret(recorded, { namespace, name: 'keys' }, 'two').keep('2');
    const secrets = '/api/v1/namespaces/vdi/secrets';
    expect(new Set(asked)).toEqual(new Set([`GET ${secrets}/keys`, `POST ${secrets}`, `PATCH ${secrets}/keys`]));
  });
});

describe('the keys of a gateway', () => {
  it('are made once, and work after a restart', async () => {
    const first = await openGatewayKeys(keptKeys());
    const second = await openGatewayKeys(keptKeys());
    expect(second).toEqual(first);
    expect(first.cookieKey).toHaveLength(32);
    const signer = await createTicketSigner(second.ticketKeys.privateJwk);
    const ticket = await signer.sign({ audience: 'u1', user: 'alice@example.com', role: 'owner' });
    const verified = await verifyTicket(ticket, first.ticketKeys.jwks, { audience: 'u1', now: new Date() });
    expect(verified.user).toBe('alice@example.com');
  });

  it.each([
    ['ticket-keys.json', 'nonsense'],
    ['ticket-keys.json', '{"privateJwk":{}}'],
    ['provider-keys.json', '[]'],
    ['cookie-key', 'short'],
  ])('say where they are broken, and what to do: %s is %s', async (field, text) => {
    await kept('keys', field).keep(text);
    const opened = openGatewayKeys(keptKeys());
    await expect(opened).rejects.toThrow(`Secret vdi/keys, field "${field}"`);
    await expect(opened).rejects.toThrow(/delete it to have a new one made/);
  });
});

describe('the first accounts in a cluster', () => {
  const keptAccounts = () => ({
    accounts: kept('vdi-accounts', 'accounts.json'),
    firstPasswords: kept('vdi-first-passwords', 'first-passwords.txt'),
  });

  it('let in with the passwords of the Secret, which an administrator may delete then', async () => {
    const first = await openAccounts(keptAccounts());
    const lines = await kept('vdi-first-passwords', 'first-passwords.txt').read();
    const [, password = ''] = /^admin {2}(\S+)$/m.exec(lines ?? '') ?? [];
    await kube.delete(builtinResources.secrets, { namespace, name: 'vdi-first-passwords' });
    const again = await openAccounts(keptAccounts());
    expect(again).toEqual({ accounts: first.accounts, firstPasswords: [] });
    const directory = await createAccountDirectory(again.accounts);
    expect(await directory.authenticate('admin', password)).toMatchObject({ user: 'admin' });
    expect(await kept('vdi-first-passwords', 'first-passwords.txt').read()).toBeUndefined();
  });

  it('have the passwords that were told, when a start was cut off after telling them', async () => {
    const { accounts: _cutOff, firstPasswords } = keptAccounts();
    await firstPasswords.keep('admin  first-of-admin\nalice@example.com  first-of-alice\n');
    const { accounts } = await openAccounts(keptAccounts());
    const directory = await createAccountDirectory(accounts);
    expect(await directory.authenticate('alice@example.com', 'first-of-alice')).toBeDefined();
  });

  it('are the same for two starts at once', async () => {
    const [one, other] = await Promise.all([openAccounts(keptAccounts()), openAccounts(keptAccounts())]);
    expect(one.accounts).toEqual(other.accounts);
  });

  it('are not made from passwords that say nothing of them', async () => {
    await kept('vdi-first-passwords', 'first-passwords.txt').keep('nobody  x\n');
    await expect(openAccounts(keptAccounts())).rejects.toThrow(/no first password of admin in Secret vdi\//);
  });
});

describe('the published ticket keys', () => {
  const configMap = { namespace, name: 'vdi-ticket-keys' };
  const read = async (): Promise<unknown> => {
    const { data } = (await kube.get(builtinResources.configMaps, configMap)) as { data?: Record<string, string> };
    return JSON.parse(data?.['jwks.json'] ?? 'null');
  };
  const readLater = async (): Promise<unknown> => {
    await cluster.clock.advance(60_000);
    return await read().catch(() => undefined);
  };
  const publish = (jwks: { readonly keys: readonly object[] }) =>
    publishTicketKeys({
      kube,
      configMap,
      jwks: jwks as Parameters<typeof publishTicketKeys>[0]['jwks'],
      clock: cluster.clock,
      log: createLogger({ name: 'test', level: 'silent' }),
    });

  it('are where the operator reads them, and private halves are not', async () => {
    const { ticketKeys } = await openGatewayKeys(keptKeys());
    using publication = publish(ticketKeys.jwks);
    await publication.published;
    expect(await read()).toEqual(ticketKeys.jwks);
    expect(JSON.stringify(await read())).not.toContain('"d"');
  });

  it('come back when somebody changes or deletes them', async () => {
    const { ticketKeys } = await openGatewayKeys(keptKeys());
    using publication = publish(ticketKeys.jwks);
    await publication.published;
    await kube.patch(builtinResources.configMaps, configMap, { type: 'merge', value: { data: { 'jwks.json': '{}' } } });
    await expect.poll(readLater).toEqual(ticketKeys.jwks);
    await kube.delete(builtinResources.configMaps, configMap);
    await expect.poll(readLater).toEqual(ticketKeys.jwks);
  });

  it('are published as soon as the API server is there', async () => {
    const { ticketKeys } = await openGatewayKeys(keptKeys());
    await cluster.stop();
    using publication = publish(ticketKeys.jwks);
    let isPublished = false;
    void publication.published.then(() => (isPublished = true));
    await cluster.clock.advance(2_000);
    expect(isPublished).toBe(false);
    cluster.start();
    await expect
      .poll(async () => {
        await cluster.clock.advance(2_000);
        return isPublished;
      })
      .toBe(true);
    expect(await read()).toEqual(ticketKeys.jwks);
  });
});
