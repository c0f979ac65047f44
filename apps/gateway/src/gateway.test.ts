import { readFileSync, statSync } from 'node:fs';
import { apiVersion, userKey, type VDISession, vdiSession, type VDIUser, vdiUser } from '@vdi/api';
import { resourceOf } from '@vdi/kube';
import type { Account } from '@vdi/identity';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findAuditBreak } from './audit/audit-file.ts';
import {
  password,
  people,
  startTestGateway,
  testAccounts,
  type TestGateway,
  Visitor,
} from './testing/start-test-gateway.ts';

const users = resourceOf<VDIUser>(vdiUser);
const sessions = resourceOf<VDISession>(vdiSession);
const { alice, admin } = people;

let accounts: readonly Account[];
let gateway: TestGateway;
beforeAll(async () => {
  accounts = await testAccounts();
  gateway = await startTestGateway(accounts);
});
afterAll(async () => await gateway[Symbol.asyncDispose]());

const at = (path: string): URL => new URL(path, gateway.url);
const viewerQuery = { query: '{ viewer { user } }' };

/** Whom the API takes the visitor for. */
async function whoIs(visitor: Visitor): Promise<number> {
  const headers = { 'content-type': 'application/json', origin: gateway.url.origin };
  const response = await fetch(at('/graphql'), {
    method: 'POST',
    headers: { ...headers, cookie: [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    body: JSON.stringify(viewerQuery),
  });
  await response.text();
  return response.status;
}

describe('signing in', () => {
  it('leads through the provider back to where somebody wanted to go, and binds the name to the person', async () => {
    const visitor = new Visitor();
    expect(await whoIs(visitor)).toBe(401);
    const end = await visitor.signIn(gateway.url, alice.user, password);
    expect([end.status, end.url.href]).toEqual([200, at('/readyz').href]);
    expect(await whoIs(visitor)).not.toBe(401);
    const { spec } = await gateway.kube.get(users, { name: userKey(alice.user) });
    expect(spec.user).toBe(alice.user);
    expect(spec.subject).toBe(`urn:vdi:local-accounts#${accounts[0]?.id}`);
  });

  it('keeps the sign-in in a cookie of this host alone that no script reads', async () => {
    const visitor = new Visitor();
    const form = await visitor.follow(at('/login'));
    const sent = await visitor.ask(form.url, { method: 'POST', form: { user: alice.user, password } });
    const resumed = await visitor.ask(new URL(sent.headers.location ?? '', form.url));
    const back = await visitor.ask(new URL(resumed.headers.location ?? '', form.url));
    expect(back.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^__Host-vdi-session-\d+=[\w-]{100,2000}; Path=\/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
  });

  it('answers a wrong password and a name that nobody has alike', async () => {
    const wrong = await new Visitor().signIn(gateway.url, alice.user, 'wrong');
    const unknown = await new Visitor().signIn(gateway.url, 'nobody@example.com', 'wrong');
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.body).toContain('The user name or the password is wrong');
    expect(unknown.body).toContain('The user name or the password is wrong');
  });

  it('shows what was typed as text, and lets no script run', async () => {
    const answer = await new Visitor().signIn(gateway.url, '"><script>alert(1)</script>', 'x');
    expect(answer.body).not.toContain('<script>');
    expect(answer.body).toContain('&lt;script&gt;');
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('makes who guesses wait, even with the right password then', async () => {
    const visitor = new Visitor();
    const form = await visitor.follow(at('/login'));
    const guess = async (typed: string) =>
      await visitor.ask(form.url, { method: 'POST', form: { user: admin.user, password: typed } });
    for (let count = 0; count < 5; count += 1) expect((await guess('wrong')).status).toBe(401);
    const blocked = await guess(password);
    expect(blocked.status).toBe(429);
    expect(Number(blocked.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('takes no form from another site', async () => {
    const visitor = new Visitor();
    const { url } = await visitor.follow(at('/login'));
    const headers = { origin: 'http://evil.example' };
    const answer = await visitor.ask(url, { method: 'POST', form: { user: alice.user, password }, headers });
    expect(answer.status).toBe(401);
  });

  it('ends in no other browser than the one it began in, and only once', async () => {
    const visitor = new Visitor();
    const form = await visitor.follow(at('/login'));
    const sent = await visitor.ask(form.url, { method: 'POST', form: { user: alice.user, password } });
    const resumed = await visitor.ask(new URL(sent.headers.location ?? '', form.url));
    const callback = new URL(resumed.headers.location ?? '', form.url);
    expect(callback.pathname).toBe('/callback');
    const stranger = new Visitor();
    expect((await stranger.ask(callback)).status).toBe(400);
    expect(await whoIs(stranger)).toBe(401);
    expect((await visitor.ask(callback)).status).toBe(303);
    expect((await visitor.ask(callback)).status).toBe(400);
  });

  it.each([
    ['another site', 'https://evil.example/'],
    ['another site without a scheme', '//evil.example/'],
    ['another site behind a backslash', String.raw`/\evil.example/`],
    ['another site behind a tab', '/\t/evil.example/'],
    ['a script', 'javascript:alert(1)'],
  ])('never leads to %s', async (_what, returnTo) => {
    const end = await new Visitor().signIn(gateway.url, alice.user, password, returnTo);
    expect(end.url.href).toBe(at('/').href);
  });

  it('refuses a name that belongs to somebody else, and says what to do', async () => {
    await using other = await startTestGateway(accounts);
    await other.kube.create(users, {
      apiVersion,
      kind: 'VDIUser',
      metadata: { name: userKey(alice.user) },
      spec: { user: alice.user, subject: 'urn:vdi:local-accounts#somebody-else' },
    });
    const answer = await new Visitor().signIn(other.url, alice.user, password);
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('belongs to somebody else');
  });
});

describe('being signed in', () => {
  it('ends with signing out, for whoever kept the cookie, too', async () => {
    const visitor = new Visitor();
    await visitor.signIn(gateway.url, alice.user, password);
    const thief = new Visitor();
    for (const [name, value] of visitor.cookies) thief.cookies.set(name, value);
    const foreign = await visitor.ask(at('/logout'), { method: 'POST', headers: { origin: 'http://evil.example' } });
    expect([foreign.status, await whoIs(visitor)]).toEqual([403, 200]);
    const answer = await visitor.ask(at('/logout'), { method: 'POST', form: {} });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect([await whoIs(visitor), await whoIs(thief)]).toEqual([401, 401]);
  });

  it('ends when an administrator locks the user out, who then cannot sign in again', async () => {
    await using other = await startTestGateway(accounts);
    const visitor = new Visitor();
    await visitor.signIn(other.url, alice.user, password);
    const ask = async () => (await visitor.ask(new URL('/open/vdi/none', other.url))).status;
    expect(await ask()).toBe(404);
    const value = { spec: { disabled: true } };
    await other.kube.patch(users, { name: userKey(alice.user) }, { type: 'merge', value });
    await vi.waitFor(async () => expect(await ask()).toBe(303), { timeout: 10_000 });
    const answer = await new Visitor().signIn(other.url, alice.user, password);
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining('locked out')]);
  });
});

describe('opening a session', () => {
  const name = 'desk';
  beforeAll(async () => {
    const spec = { user: alice.user, template: 'ubuntu-desktop' };
    const metadata = { name, namespace: 'vdi' };
    await gateway.kube.create(sessions, { apiVersion, kind: 'VDISession', metadata, spec });
    const status = { host: 'alice', phase: 'Running' as const };
    await gateway.kube.applyStatus(sessions, { apiVersion, kind: 'VDISession', metadata, spec, status });
  });
  const signedIn = async (user: string): Promise<Visitor> => {
    const visitor = new Visitor();
    await visitor.signIn(gateway.url, user, password);
    return visitor;
  };

  it('sends its owner to its host with a code', async () => {
    const visitor = await signedIn(alice.user);
    const answer = await vi.waitFor(async () => {
      const found = await visitor.ask(at(`/open/vdi/${name}`));
      expect(found.status).toBe(303);
      return found;
    });
    expect(answer.headers.location).toMatch(/^http:\/\/alice\.localhost:\d+\/\.vdi\/enter\?code=[\w-]{20,}$/);
  });

  it('asks who is not signed in to do that first, and then goes on', async () => {
    const answer = await new Visitor().ask(at(`/open/vdi/${name}`));
    expect([answer.status, answer.headers.location]).toEqual([
      303,
      `/login?returnTo=${encodeURIComponent(`/open/vdi/${name}`)}`,
    ]);
  });

  it('writes who was let in, and who not, into an audit that is whole', async () => {
    const content = readFileSync(gateway.auditFile, 'utf8');
    expect(content).toContain('"action":"session.open"');
    expect(findAuditBreak(content)).toBeUndefined();
    expect(statSync(gateway.auditFile).mode & 0o777).toBe(0o600);
  });
});

describe('the host that is asked for', () => {
  it.each(['evil.example', 'localhost', '127.0.0.1', '192.168.1.10:8080', 'localhost.evil.example'])(
    'is refused when it is %j, which is not ours',
    async (host) => {
      const answer = await new Visitor().ask(at('/graphql'), { method: 'POST', headers: { host } });
      expect([answer.status, answer.body]).toEqual([421, expect.stringContaining(gateway.url.origin)]);
    },
  );

  it.each(['/', '/login', '/callback', '/healthz', '/nothing.js', '/oidc/nothing', '/open/a/b', '/graphql'])(
    'answers %s with headers that keep it out of frames and its content what it is',
    async (path) => {
      const { headers } = await new Visitor().ask(at(path));
      expect(headers).toMatchObject({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
      });
    },
  );
});
