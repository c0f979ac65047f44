import { randomBytes } from 'node:crypto';
import { apiVersion, normalizeUser, userKey, type VDISession, vdiSession, type VDIUser, vdiUser } from '@vdi/api';
import { type Account, createAccount } from '@vdi/identity';
import { resourceOf } from '@vdi/kube';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { password, startTestGateway, type TestGateway, Visitor } from '../testing/start-test-gateway.ts';

const users = resourceOf<VDIUser>(vdiUser);
const sessions = resourceOf<VDISession>(vdiSession);
const alice = 'alice@example.com';
const name = { name: userKey(alice) };
const namespace = 'vdi';

let accounts: readonly Account[];
let gateway: TestGateway;
beforeAll(async () => {
  accounts = [await createAccount({ user: alice, displayName: 'Alice', groups: ['staff'], password })];
});
beforeEach(async () => {
  gateway = await startTestGateway(accounts);
});
afterEach(() => gateway[Symbol.asyncDispose]());

const signedIn = async (): Promise<Visitor> => {
  const visitor = new Visitor();
  expect((await visitor.signIn(gateway.url, alice, password)).status).toBe(200);
  return visitor;
};
/** Whom the API takes the visitor for; undefined for nobody. */
const whoIs = async (visitor: Visitor): Promise<string | undefined> => {
  const cookie = [...visitor.cookies].map(([cookieName, value]) => `${cookieName}=${value}`).join('; ');
  const response = await fetch(new URL('/graphql', gateway.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: gateway.url.origin, cookie },
    body: JSON.stringify({ query: '{ me { user groups roles } }' }),
  });
  const { data } = (await response.json()) as { data?: { me: { user: string } } | null };
  return data?.me.user;
};
const patchUser = (spec: object): Promise<VDIUser> =>
  gateway.kube.patch(users, name, { type: 'merge', value: { spec } });
const aSession = async (): Promise<void> => {
  const metadata = { name: 'desk', namespace };
  const spec = { user: alice, template: 'ubuntu-desktop' };
  await gateway.kube.create(sessions, { apiVersion, kind: 'VDISession', metadata, spec });
  const status = { host: 'alice', phase: 'Pending' as const };
  await gateway.kube.applyStatus(sessions, { apiVersion, kind: 'VDISession', metadata, spec, status });
};
/** What the door of Alice's session says to a program that comes with this cookie. */
const atDoor = async (cookie: string): Promise<number> => {
  const host = `alice.${gateway.url.host}`;
  return (await new Visitor().ask(new URL('/', gateway.url), { headers: { host, cookie } })).status;
};
const enterDoor = async (visitor: Visitor): Promise<string> => {
  await aSession();
  const opened = await vi.waitFor(async () => {
    const found = await visitor.ask(new URL(`/open/${namespace}/desk`, gateway.url));
    expect([found.status, found.headers.location]).toEqual([303, expect.stringContaining('/.vdi/enter')]);
    return found;
  });
  const { host, pathname, search } = new URL(opened.headers.location ?? '');
  const headers = { host, accept: 'text/html' };
  const entered = await new Visitor().ask(new URL(`${pathname}${search}`, gateway.url), { headers });
  return entered.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
};

describe('a restart of the gateway', () => {
  it('signs nobody out', async () => {
    const visitor = await signedIn();
    await gateway.restart();
    expect(await whoIs(visitor)).toBe(alice);
    await gateway.restart();
    expect(await whoIs(visitor)).toBe(alice);
    const answer = await visitor.ask(new URL('/logout', gateway.url), { method: 'POST', form: {} });
    expect(answer.status).toBe(303);
    expect(await whoIs(visitor)).toBeUndefined();
  });

  it('closes no door that was open', async () => {
    const cookie = await enterDoor(await signedIn());
    const starting = 503;
    expect(await atDoor(cookie)).toBe(starting);
    await gateway.restart();
    expect(await atDoor(cookie)).toBe(starting);
  });

  it('brings nothing back that was ended before', async () => {
    const visitor = await signedIn();
    const cookie = await enterDoor(visitor);
    const thief = new Visitor();
    for (const [cookieName, value] of visitor.cookies) thief.cookies.set(cookieName, value);
    await visitor.ask(new URL('/logout', gateway.url), { method: 'POST', form: {} });
    const others = await signedIn();
    await gateway.restart();
    expect([await whoIs(thief), await atDoor(cookie)]).toEqual([undefined, 401]);
    expect(await whoIs(others)).toBe(alice);
  });

  it('brings nobody back who was locked out before, not even when they are let in again', async () => {
    const visitor = await signedIn();
    const cookie = await enterDoor(visitor);
    await patchUser({ disabled: true });
    const isKept = async () => JSON.stringify((await gateway.kube.get(users, name)).metadata.annotations ?? {});
    await expect.poll(isKept, { timeout: 10_000 }).toContain('*=');
    await gateway.restart({ meanwhile: () => patchUser({ disabled: false }) });
    expect([await whoIs(visitor), await atDoor(cookie)]).toEqual([undefined, 401]);
    expect(await whoIs(await signedIn())).toBe(alice);
  });

  it.each([
    ['is disabled', () => patchUser({ disabled: true })],
    ['is given to somebody else', () => patchUser({ subject: 'urn:vdi:local-accounts#somebody-else' })],
    ['waits to be bound anew', () => patchUser({ subject: null })],
    ['is forgotten', () => gateway.kube.delete(users, name)],
  ])('goes on with nobody whose name meanwhile %s', async (_what, meanwhile) => {
    const visitor = await signedIn();
    const cookie = await enterDoor(visitor);
    await gateway.restart({ meanwhile });
    expect([await whoIs(visitor), await atDoor(cookie)]).toEqual([undefined, 401]);
  });

  it('with another key signs everybody out', async () => {
    const visitor = await signedIn();
    await gateway.restart({ cookieKey: randomBytes(32) });
    expect(await whoIs(visitor)).toBeUndefined();
  });

  it('asks who is in more groups than a cookie holds to sign in again, and not before', async () => {
    const groups = Array.from({ length: 200 }, (_, index) => `a group of a long name ${index}`);
    const account = await createAccount({ user: alice, displayName: 'Alice', groups, password });
    await using other = await startTestGateway([account]);
    const before = gateway;
    try {
      gateway = other;
      const visitor = await signedIn();
      expect([...visitor.cookies.values()].every(({ length }) => length < 4_096)).toBe(true);
      expect(await whoIs(visitor)).toBe(normalizeUser(alice));
      await other.restart();
      expect(await whoIs(visitor)).toBeUndefined();
    } finally {
      gateway = before;
    }
  });
});
