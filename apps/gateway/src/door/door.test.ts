import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { verifyTicket } from '@vdi/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type EchoUpstream, type Received, startEchoUpstream } from './testing/echo-upstream.ts';
import { aPrincipal, navigation, readiness, startTestDoor, type TestDoor } from './testing/start-test-door.ts';

let at: TestDoor;
let desktop: EchoUpstream;

beforeAll(async () => {
  [at, desktop] = await Promise.all([
    startTestDoor({ limits: { connectMs: 2_000, answerMs: 300 } }),
    startEchoUpstream(),
  ]);
});
afterAll(async () => {
  await at?.[Symbol.asyncDispose]();
  await desktop?.[Symbol.asyncDispose]();
});

let hosts = 0;
/** Somebody inside a running desktop of their own. */
async function anOpenDesktop(options: Parameters<TestDoor['session']>[0] = {}, user = 'alice@example.com') {
  hosts += 1;
  const label = `alice-${hosts}`;
  const end = new AbortController();
  const session = await at.session({ host: label, endpoint: desktop.endpoint, ...options });
  const cookie = await at.enter(aPrincipal(user, end), session);
  return { label, host: `${label}.localhost:${at.port}`, origin: at.origin(label), session, cookie, end };
}

const received = (): Received => desktop.received.at(-1)!;
const occurrences = ({ rawHeaders }: Received, name: string): number =>
  rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
const codeOf = (body: string): string => (JSON.parse(body) as { error: { code: string } }).error.code;
const ticketOf = async ({ headers }: Received, audience: string) =>
  await verifyTicket(String(headers['x-vdi-ticket']), at.keys.jwks, { audience, now: new Date() });

/** How the handshake of a WebSocket ended: 101, or the status of the refusal. */
async function handshake(socket: WebSocket): Promise<number> {
  const ended = Promise.withResolvers<number>();
  socket.once('open', () => ended.resolve(101));
  socket.once('unexpected-response', (request, response: IncomingMessage) => {
    request.destroy();
    ended.resolve(response.statusCode ?? 0);
  });
  socket.on('error', () => ended.resolve(0));
  return await ended.promise;
}

describe('a request through the door', () => {
  it('reaches the desktop with one ticket for this person and this session', async () => {
    const { host, cookie, session } = await anOpenDesktop();
    const answer = await at.ask(host, '/assets/x.js?y=1', { headers: { cookie } });
    expect(answer.status).toBe(200);
    expect(received()).toMatchObject({ method: 'GET', url: '/assets/x.js?y=1', headers: { host } });
    expect(occurrences(received(), 'x-vdi-ticket')).toBe(1);
    await expect(ticketOf(received(), session.metadata.uid!)).resolves.toMatchObject({
      user: 'alice@example.com',
      role: 'owner',
    });
  });

  it('never gets the same ticket twice', async () => {
    const { host, cookie } = await anOpenDesktop();
    const from = desktop.received.length;
    for (let count = 0; count < 20; count += 1) await at.ask(host, '/', { headers: { cookie } });
    const tickets = desktop.received.slice(from).map(({ headers }) => headers['x-vdi-ticket']);
    expect(new Set(tickets).size).toBe(20);
  });

  it('brings no credential of the platform, no ticket of its own and no claim of a proxy', async () => {
    const { host, cookie, session } = await anOpenDesktop();
    const canary = 'canary-7f3e';
    await at.ask(host, '/', {
      headers: {
        cookie: `${cookie}; __Host-vdi-session=${canary}; __Secure-vdi-x=${canary}; _session=${canary}; _interaction.sig=${canary}; vdi=${canary}; theme=dark`,
        authorization: `Bearer ${canary}`,
        'proxy-authorization': canary,
        'x-vdi-ticket': [canary, canary],
        x_vdi_ticket: canary,
        'X-Vdi-Anything': canary,
        'x-forwarded-for': canary,
        'x-forwarded-user': canary,
        forwarded: `for=${canary}`,
        'x-real-ip': canary,
        connection: 'close, x-hop',
        'x-hop': canary,
        te: 'trailers',
        'keep-alive': canary,
        'accept-language': 'de',
      },
    });
    const told = received();
    expect(JSON.stringify(told)).not.toContain(canary);
    expect(JSON.stringify(told)).not.toContain(cookie.split('=')[1]);
    expect(told.headers).toMatchObject({
      cookie: 'theme=dark',
      'accept-language': 'de',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': host,
      'x-forwarded-proto': 'http',
    });
    expect(occurrences(told, 'x-vdi-ticket')).toBe(1);
    await expect(ticketOf(told, session.metadata.uid!)).resolves.toBeDefined();
  });

  it('carries a body, with a length or in chunks', async () => {
    const { host, cookie, origin } = await anOpenDesktop();
    const headers = { cookie, origin, 'content-type': 'application/json' };
    await at.ask(host, '/renew', {
      method: 'POST',
      headers: { ...headers, 'content-length': '14' },
      body: '{"viewer":"v"}',
    });
    expect(received()).toMatchObject({ method: 'POST', url: '/renew', body: '{"viewer":"v"}' });
    for (const method of ['POST', 'PUT', 'DELETE']) {
      await at.ask(host, '/files', {
        method,
        headers: { ...headers, 'transfer-encoding': 'chunked' },
        body: 'in chunks',
      });
      expect(received()).toMatchObject({ method, url: '/files', body: 'in chunks' });
    }
  });

  it('with a body where none belongs is refused, so that nobody can hide a second request in it', async () => {
    const { host, cookie } = await anOpenDesktop();
    const count = desktop.received.length;
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n';
    for (const framing of [{ 'transfer-encoding': 'chunked' }, { 'content-length': String(hidden.length) }]) {
      const answer = await at.ask(host, '/', { headers: { cookie, ...framing }, body: hidden });
      expect(answer.status).toBe(400);
    }
    expect(desktop.received.length).toBe(count);
  });

  it('for another server, in the form of requests to proxies, is refused', async () => {
    const { host, cookie } = await anOpenDesktop();
    expect((await at.ask(host, 'http://127.0.0.1:1/', { headers: { cookie } })).status).toBe(400);
  });

  it('gets an answer that stays within its own host', async () => {
    const { host, cookie } = await anOpenDesktop();
    desktop.answerHeaders = {
      'Set-Cookie': [
        'app=1; Path=/',
        'wide=1; Domain=localhost',
        '__Host-vdi-door-1=x; Path=/; Secure',
        'w2=1;domain=.localhost',
      ],
      'Clear-Site-Data': '"*"',
      'Strict-Transport-Security': 'max-age=1; includeSubDomains',
      'X-Vdi-Ticket': 'echoed',
      'X-Frame-Options': 'ALLOWALL',
      'Content-Security-Policy': "default-src 'self'",
      'Referrer-Policy': 'same-origin',
    };
    const { headers } = await at.ask(host, '/', { headers: { cookie } });
    desktop.answerHeaders = {};
    expect(headers['set-cookie']).toEqual(['app=1; Path=/']);
    expect(headers).not.toHaveProperty('clear-site-data');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('x-vdi-ticket');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'self', frame-ancestors 'none'",
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  it('that changes something, or reads from another page, is refused', async () => {
    const { host, cookie, origin } = await anOpenDesktop();
    const count = desktop.received.length;
    const foreign = [
      { method: 'POST', headers: {} },
      { method: 'POST', headers: { origin: 'null' } },
      { method: 'POST', headers: { origin: `${origin}.evil.example` } },
      { method: 'DELETE', headers: { origin: `http://localhost:${at.port}` } },
      { method: 'GET', headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' } },
      {
        method: 'GET',
        headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
      },
      { method: 'GET', headers: { origin: 'http://evil.example' } },
    ];
    for (const { method, headers } of foreign) {
      const answer = await at.ask(host, '/', { method, headers: { ...headers, cookie } });
      expect([answer.status, codeOf(answer.body)]).toEqual([403, 'FOREIGN_ORIGIN']);
    }
    expect(desktop.received.length).toBe(count);
  });

  it('says 504 when the desktop says nothing, and breaks off what the desktop breaks off', async () => {
    const { host, cookie } = await anOpenDesktop();
    const slow = await at.ask(host, '/silent', { headers: { cookie } });
    expect([slow.status, codeOf(slow.body)]).toEqual([504, 'TIMEOUT']);
    await expect(at.ask(host, '/cut', { headers: { cookie } })).rejects.toThrow();
  });

  it('says 502 when nothing answers, or when there is no Pod', async () => {
    for (const endpoint of ['127.0.0.1:1', undefined]) {
      hosts += 1;
      const label = `alice-${hosts}`;
      const session = await at.session({ host: label, ...(endpoint === undefined ? {} : { endpoint }) });
      const cookie = await at.enter(aPrincipal(), session);
      const answer = await at.ask(`${label}.localhost:${at.port}`, '/ws', { headers: { cookie } });
      expect([answer.status, codeOf(answer.body)]).toEqual([502, 'UNREACHABLE']);
    }
  });
});

describe('a WebSocket through the door', () => {
  it('keeps its subprotocol, its bytes and its close codes, and has one fresh ticket', async () => {
    const { label, cookie, origin, session } = await anOpenDesktop();
    const socket = at.connect(label, {
      headers: { cookie, origin, 'x-vdi-ticket': 'mine', authorization: 'Bearer x' },
    });
    expect(await handshake(socket)).toBe(101);
    expect(socket.protocol).toBe('vdi.v1');
    expect(occurrences(received(), 'x-vdi-ticket')).toBe(1);
    expect(received().headers).not.toHaveProperty('authorization');
    expect(received().headers).not.toHaveProperty('cookie');
    await expect(ticketOf(received(), session.metadata.uid!)).resolves.toMatchObject({ role: 'owner' });
    socket.send(Buffer.alloc(300_000, 7));
    const [echo] = (await once(socket, 'message')) as [Buffer];
    expect(echo.equals(Buffer.alloc(300_000, 7))).toBe(true);
    socket.send('close:4001:because');
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    expect([code, reason.toString()]).toEqual([4001, 'because']);
  });

  it('is refused with the answer of the desktop when the desktop refuses', async () => {
    const { label, cookie, origin } = await anOpenDesktop();
    expect(await handshake(at.connect(label, { headers: { cookie, origin }, path: '/refused' }))).toBe(426);
  });

  it('ends at both ends when the person signs out', async () => {
    const { label, cookie, origin, end } = await anOpenDesktop();
    const socket = at.connect(label, { headers: { cookie, origin } });
    expect(await handshake(socket)).toBe(101);
    const closed = once(socket, 'close');
    end.abort();
    await closed;
    await expect.poll(() => desktop.sockets.size).toBe(0);
    expect((await at.ask(`${label}.localhost:${at.port}`, '/ws', { headers: { cookie } })).status).toBe(401);
  });

  it('ends when the share is taken back, and not when something else changes', async () => {
    const shares = [{ user: 'bob@example.com', role: 'view' as const }];
    const { label, cookie, origin, session, host } = await anOpenDesktop({ shares }, 'bob@example.com');
    const socket = at.connect(label, { headers: { cookie, origin } });
    expect(await handshake(socket)).toBe(101);
    await expect(ticketOf(received(), session.metadata.uid!)).resolves.toMatchObject({
      role: 'view',
      user: 'bob@example.com',
    });
    const decisions = at.audit.length;
    await at.change(session, 'status', { viewers: 1 });
    expect(at.audit.length).toBe(decisions);
    socket.send('still here');
    await once(socket, 'message');
    const closed = once(socket, 'close');
    await at.change(session, 'spec', { shares: [] });
    await closed;
    const answer = await at.ask(host, '/ws', { headers: { cookie } });
    expect([answer.status, codeOf(answer.body)]).toEqual([403, 'FORBIDDEN']);
  });

  it('ends with its session, whose address says so then', async () => {
    const { label, cookie, origin, session, host } = await anOpenDesktop();
    const socket = at.connect(label, { headers: { cookie, origin } });
    expect(await handshake(socket)).toBe(101);
    const closed = once(socket, 'close');
    await at.remove(session);
    await closed;
    const answer = await at.ask(host, '/ws', { headers: { cookie } });
    expect([answer.status, codeOf(answer.body)]).toEqual([410, 'ENDED']);
  });

  it('is one of at most 128 that a person has into a session, and makes room when it ends', async () => {
    const { label, cookie, origin, host } = await anOpenDesktop();
    const another = await anOpenDesktop();
    const connect = (): WebSocket => at.connect(label, { headers: { cookie, origin } });
    const sockets = Array.from({ length: 128 }, connect);
    expect(new Set(await Promise.all(sockets.map(handshake)))).toEqual(new Set([101]));
    expect(await handshake(connect())).toBe(503);
    expect((await at.ask(another.host, '/', { headers: { cookie: another.cookie } })).status).toBe(200);
    sockets[0]!.close();
    await expect.poll(async () => (await at.ask(host, '/', { headers: { cookie } })).status).toBe(200);
    for (const socket of sockets) socket.terminate();
  });

  it('opens from its own page only: 500 other origins, and none', async () => {
    const { label, cookie, origin } = await anOpenDesktop();
    const count = desktop.received.length;
    const forms = foreignOrigins(label, at.port);
    expect(forms.length).toBeGreaterThanOrEqual(500);
    for (let start = 0; start < forms.length; start += 25) {
      const statuses = await Promise.all(
        forms.slice(start, start + 25).map((form) => handshake(at.connect(label, { headers: { cookie, ...form } }))),
      );
      expect(statuses.filter((status) => status !== 403)).toEqual([]);
    }
    expect(desktop.received.length).toBe(count);
    const own = at.connect(label, { headers: { cookie, origin } });
    expect(await handshake(own)).toBe(101);
    own.terminate();
  });
});

/** Headers of handshakes that other pages, or other programs, could send. */
function foreignOrigins(label: string, port: number): readonly Record<string, string>[] {
  const own = `${label}.localhost`;
  const names = [
    'localhost',
    'evil.example',
    `evil.${own}`,
    `${own}.evil.example`,
    `${own}.`,
    `x${own}`,
    `bob.localhost`,
    `${label}-localhost`,
    label,
    `${label}.localhost.localhost`,
    '127.0.0.1',
    '[::1]',
    '0.0.0.0',
    `${label}%2elocalhost`,
    `${own}@evil.example`,
    `evil.example#${own}`,
    `evil.example/${own}`,
    `evil.example?${own}`,
    `evil.example\\${own}`,
    `${label}.Iocalhost`,
    `${own}_`,
    `*.localhost`,
    `${label}..localhost`,
    `-${own}`,
    own.toUpperCase(),
    '',
  ];
  const schemes = ['http://', 'https://', 'ws://', 'file://', 'HTTP://', 'http:/', '//', 'chrome-extension://'];
  const ports = [`:${port}`, '', `:${port + 1}`];
  const exact = `http://${own}:${port}`;
  const composed = schemes.flatMap((scheme) =>
    names.flatMap((name) => ports.map((suffix) => `${scheme}${name}${suffix}`)),
  );
  const spellings = [
    'null',
    'undefined',
    '*',
    `${exact}/`,
    `${exact}/ws`,
    `${exact},${exact}`,
    `${exact} ${exact}`,
    `"${exact}"`,
    `${exact}?`,
    `${exact}#`,
    `http://user@${own}:${port}`,
  ];
  const origins = [...composed, ...spellings].filter((origin) => origin !== exact);
  const claims: readonly Record<string, string>[] = [
    {},
    { referer: `${exact}/` },
    { 'x-forwarded-host': own, origin: 'http://evil.example' },
    { 'sec-websocket-origin': exact },
    { origin: 'http://evil.example', 'x-origin': exact },
  ];
  return [...origins.map((origin) => ({ origin })), ...claims];
}

describe('who may come in', () => {
  it('a host of no session is not found, with or without a page', async () => {
    const answer = await at.ask(`nobody.localhost:${at.port}`, '/');
    expect([answer.status, codeOf(answer.body)]).toEqual([404, 'UNKNOWN_HOST']);
    const page = await at.ask(`nobody.localhost:${at.port}`, '/', { headers: navigation });
    expect(page.status).toBe(404);
    expect(page.body).toContain('No session has the host name');
  });

  it('knows its hosts from those of others', () => {
    const { door, port } = at;
    const own = [`alice.localhost:${port}`, `ALICE.localhost:${port}`, `a-1.LOCALHOST:${port}`];
    const others = [
      undefined,
      '',
      'localhost',
      `localhost:${port}`,
      'alice.localhost',
      `alice.localhost:${port + 1}`,
      `a.b.localhost:${port}`,
      `.localhost:${port}`,
      `-a.localhost:${port}`,
      `alice.localhost.evil.example:${port}`,
      `alice.localhost:${port}.evil.example`,
      `${'a'.repeat(64)}.localhost:${port}`,
      `alice.localhost:${port}@x`,
      '127.0.0.1',
    ];
    expect(own.map((host) => door.isSessionHost(host))).toEqual(own.map(() => true));
    expect(others.map((host) => door.isSessionHost(host))).toEqual(others.map(() => false));
  });

  it('who is signed out goes to the dashboard, and programs are told', async () => {
    const session = await at.session({ host: 'signed-out', endpoint: desktop.endpoint });
    const host = `signed-out.localhost:${at.port}`;
    const visit = await at.ask(host, '/', { headers: navigation });
    expect(visit.status).toBe(303);
    expect(visit.headers.location).toBe(`http://localhost:${at.port}/open/vdi-sessions/${session.metadata.name}`);
    for (const headers of [{}, { 'sec-fetch-mode': 'cors' }, { ...navigation, 'sec-fetch-dest': 'iframe' }]) {
      const answer = await at.ask(host, '/ws', { headers });
      expect([answer.status, codeOf(answer.body)]).toEqual([401, 'SIGNED_OUT']);
    }
    expect(await handshake(at.connect('signed-out', { headers: { origin: at.origin('signed-out') } }))).toBe(401);
  });

  it('a stranger is refused although the door knows them', async () => {
    const { host, cookie, label, origin } = await anOpenDesktop({}, 'mallory@example.com');
    const count = desktop.received.length;
    const answer = await at.ask(host, '/', { headers: { cookie, ...navigation } });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('not shared with you');
    expect(await handshake(at.connect(label, { headers: { cookie, origin } }))).toBe(403);
    expect(desktop.received.length).toBe(count);
  });

  it('a cookie opens no other host', async () => {
    const mine = await anOpenDesktop();
    const other = await anOpenDesktop();
    expect((await at.ask(other.host, '/ws', { headers: { cookie: mine.cookie } })).status).toBe(401);
    const two = `${mine.cookie}; ${other.cookie}`;
    expect((await at.ask(mine.host, '/ws', { headers: { cookie: two } })).status).toBe(401);
  });

  it('a cookie opens no later session of the same host', async () => {
    const { label, host, cookie, session } = await anOpenDesktop();
    await at.remove(session);
    await at.session({ host: label, endpoint: desktop.endpoint });
    expect((await at.ask(host, '/ws', { headers: { cookie } })).status).toBe(401);
  });

  it('asks the one authorizer each time, and by name', async () => {
    const { host, cookie } = await anOpenDesktop();
    const count = at.audit.length;
    await at.ask(host, '/', { headers: { cookie } });
    expect(at.audit.slice(count)).toMatchObject([
      {
        action: 'session.connect',
        allowed: true,
        as: 'owner',
        user: 'alice@example.com',
        surface: 'http',
        address: '127.0.0.1',
      },
    ]);
  });
});

describe('a one-time code', () => {
  const target = (url: string): string => url.slice(new URL(url).origin.length);

  it('becomes a cookie for this host alone, and leaves the address', async () => {
    const session = await at.session({ host: 'code-1', endpoint: desktop.endpoint });
    const { url } = await at.door.open(aPrincipal(), session);
    expect(url).toMatch(new RegExp(`^http://code-1\\.localhost:${at.port}/\\.vdi/enter\\?code=[\\w-]{43}$`));
    const answer = await at.ask(new URL(url).host, target(url), { headers: navigation });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^__Host-vdi-door-\d+=[\w-]{100,2000}; Path=\/; Secure; HttpOnly; SameSite=Lax$/),
    ]);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  });

  it('is worth nothing the second time, nor the next thousand times', async () => {
    const session = await at.session({ host: 'code-2' });
    const { url } = await at.door.open(aPrincipal(), session);
    const { host } = new URL(url);
    const first = await Promise.all(
      Array.from({ length: 50 }, () => at.ask(host, target(url), { headers: navigation })),
    );
    expect(first.filter(({ headers }) => headers['set-cookie'] !== undefined)).toHaveLength(1);
    for (let round = 0; round < 20; round += 1) {
      const replays = await Promise.all(
        Array.from({ length: 50 }, () => at.ask(host, target(url), { headers: navigation })),
      );
      expect(replays.filter(({ status, headers }) => status !== 401 || 'set-cookie' in headers)).toEqual([]);
    }
  });

  it('is worth nothing after 30 seconds, at another host, in a frame, or guessed', async () => {
    const session = await at.session({ host: 'code-3' });
    const other = await at.session({ host: 'code-4' });
    const ask = async (url: string, host = new URL(url).host, headers: object = navigation) =>
      (await at.ask(host, target(url), { headers: { ...headers } })).status;
    const { url: foreign } = await at.door.open(aPrincipal(), session);
    expect(await ask(foreign, `code-4.localhost:${at.port}`)).toBe(401);
    const { url: framed } = await at.door.open(aPrincipal(), other);
    expect(await ask(framed, undefined, { ...navigation, 'sec-fetch-dest': 'iframe' })).toBe(400);
    expect(await ask(framed)).toBe(303);
    for (const code of ['', 'x', 'A'.repeat(43), '../x', 'A'.repeat(5_000)]) {
      expect(await ask(`http://code-3.localhost:${at.port}/.vdi/enter?code=${code}`)).toBe(401);
    }
    const { url: inTime } = await at.door.open(aPrincipal(), session);
    at.passTime(29_000);
    expect(await ask(inTime)).toBe(303);
    const { url: late } = await at.door.open(aPrincipal(), session);
    at.passTime(30_000);
    expect(await ask(late)).toBe(401);
  });

  it('is worth nothing after its person signed out', async () => {
    const end = new AbortController();
    const session = await at.session({ host: 'code-5' });
    const { url } = await at.door.open(aPrincipal('alice@example.com', end), session);
    end.abort();
    expect((await at.ask(new URL(url).host, target(url), { headers: navigation })).status).toBe(401);
  });

  it('leads somebody who is in already on to the desktop', async () => {
    const session = await at.session({ host: 'code-6' });
    const { url } = await at.door.open(aPrincipal(), session);
    const cookie = await at.enter(aPrincipal(), session);
    await at.ask(new URL(url).host, target(url), { headers: navigation });
    const again = await at.ask(new URL(url).host, target(url), { headers: { ...navigation, cookie } });
    expect([again.status, again.headers.location, again.headers['set-cookie']]).toEqual([303, '/', undefined]);
  });

  it('is not made before the session has a host name', async () => {
    const session = await at.session({ host: 'code-7' });
    const { status: _, ...withoutHost } = session;
    await expect(at.door.open(aPrincipal(), withoutHost)).rejects.toMatchObject({ code: 'NOT_READY' });
  });
});

describe('a desktop that does not run', () => {
  it('comes back when its owner visits it, and only then', async () => {
    const { host, cookie, session } = await anOpenDesktop({ suspended: true, isReady: false });
    const suspended = (): boolean | undefined =>
      at.catalog.session('vdi-sessions', session.metadata.name)?.spec.suspended;
    const others = [
      { headers: { cookie }, path: '/ws' },
      { headers: { cookie, ...navigation, 'sec-purpose': 'prefetch' }, path: '/' },
      { headers: { cookie, 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'same-origin' }, path: '/favicon.ico' },
    ];
    for (const { headers, path } of others) {
      const answer = await at.ask(host, path, { headers });
      expect(answer.status).toBe(503);
    }
    expect(suspended()).toBe(true);
    const visits = await Promise.all([1, 2, 3].map(() => at.ask(host, '/', { headers: { cookie, ...navigation } })));
    expect(visits.map(({ status }) => status)).toEqual([503, 503, 503]);
    expect(visits[0]!.body).toContain('The desktop is starting');
    expect(await at.catalog.until(() => suspended() === false, 5_000)).toBe(true);
  });

  it('stays suspended for somebody who may only look', async () => {
    const shares = [{ user: 'bob@example.com', role: 'view' as const }];
    const { host, cookie, session } = await anOpenDesktop(
      { suspended: true, isReady: false, shares },
      'bob@example.com',
    );
    const answer = await at.ask(host, '/', { headers: { cookie, ...navigation } });
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('The desktop is suspended');
    expect(
      await at.kube.get(
        { group: 'vdi.kasm.io', version: 'v1alpha1', plural: 'vdisessions', kind: 'VDISession', namespaced: true },
        { namespace: 'vdi-sessions', name: session.metadata.name },
      ),
    ).toMatchObject({ spec: { suspended: true } });
  });

  it('tells its progress until it runs', async () => {
    const { host, cookie, session } = await anOpenDesktop({ isReady: false });
    const stream = at.stream(host, '/.vdi/progress', { cookie });
    expect(await stream.next()).toMatchObject({ next: 'wait', message: 'The screen is starting.' });
    await at.change(session, 'status', { message: 'Windows are opening.' });
    expect(await stream.next()).toMatchObject({ next: 'wait', message: 'Windows are opening.' });
    await at.change(session, 'status', readiness(true));
    expect(await stream.next()).toMatchObject({ next: 'reload' });
    stream.close();
  });

  it.each([
    ['TemplateNotFound', 'Accepted', 503, 'STARTING'],
    ['AccessDenied', 'Accepted', 503, 'FAILED'],
    ['OutsideSchedule', 'Ready', 503, 'OUTSIDE_SCHEDULE'],
    ['Expired', 'Ready', 410, 'ENDED'],
  ])('with %s says what to do', async (reason, type, status, code) => {
    const { host, cookie, session } = await anOpenDesktop({ isReady: false });
    const message = 'Ask <b>somebody</b>.';
    const condition = { type, reason, status: 'False', message, lastTransitionTime: '2030-01-01T00:00:00Z' };
    await at.change(session, 'status', { conditions: [condition], message });
    const answer = await at.ask(host, '/ws', { headers: { cookie } });
    expect([answer.status, codeOf(answer.body)]).toEqual([status, code]);
    const page = await at.ask(host, '/', { headers: { cookie, ...navigation } });
    expect(page.status).toBe(status);
    expect(page.body).not.toContain('<b>');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
  });
});

describe('every answer of the door', () => {
  it('is kept by nobody, framed by nobody and tells nobody where it was', async () => {
    const { host, cookie } = await anOpenDesktop({ isReady: false });
    const answers = await Promise.all([
      at.ask(`nobody.localhost:${at.port}`, '/'),
      at.ask(host, '/', { headers: navigation }),
      at.ask(host, '/.vdi/enter?code=x', { headers: navigation }),
      at.ask(host, '/.vdi/enter', { method: 'POST' }),
      at.ask(host, '/', { headers: { ...navigation, cookie } }),
      at.ask(host, '/ws', { headers: { cookie } }),
      at.ask(host, '/.vdi/progress.js'),
    ]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': expect.stringMatching(/^no-(?:store|cache)$/),
      });
    }
  });
});

describe('a question of Traefik', () => {
  const verify = async (host: string, headers: Record<string, string>) =>
    await at.ask(`localhost:${at.port}`, '/verify', {
      headers: { 'x-forwarded-host': host, 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/', ...headers },
    });

  it('is answered by the same decision, with a ticket', async () => {
    const { host, cookie, origin, session } = await anOpenDesktop();
    const answer = await verify(host, { cookie });
    expect(answer.status).toBe(200);
    const ticket = String(answer.headers['x-vdi-ticket']);
    await expect(
      verifyTicket(ticket, at.keys.jwks, { audience: session.metadata.uid!, now: new Date() }),
    ).resolves.toMatchObject({ role: 'owner' });
    const upgrade = { 'sec-websocket-key': 'x', 'sec-websocket-version': '13', cookie };
    expect((await verify(host, upgrade)).status).toBe(403);
    expect((await verify(host, { ...upgrade, origin })).status).toBe(200);
    expect((await verify(host, {})).status).toBe(401);
    expect((await verify('evil.example', { cookie })).status).toBe(400);
    expect((await verify(host, { cookie, 'x-forwarded-uri': '/.vdi/progress' })).status).toBe(400);
    expect((await verify(host, navigation)).headers.location).toContain('/open/vdi-sessions/');
  });

  it('names the cookies that the desktop may see, or none, whatever the request had', async () => {
    const { host, cookie } = await anOpenDesktop();
    const platform = `${cookie}; __Host-vdi-session=s; vdi_provider=p; _session=q`;
    expect((await verify(host, { cookie: platform })).headers).not.toHaveProperty('cookie');
    const mixed = await verify(host, { cookie: `theme=dark; ${platform}; lang=en` });
    expect(mixed.headers).toMatchObject({ cookie: 'theme=dark; lang=en' });
    expect(mixed.headers).not.toHaveProperty('authorization');
  });
});

describe('the prefix of the door itself', () => {
  it.each(['/.vdi/', '/.vdi/nothing', '/.vdi/progress/x', '/.vdi/../ws'])(
    'never leads to a desktop: %s',
    async (path) => {
      const { host, cookie } = await anOpenDesktop();
      const answer = await at.ask(host, path, { headers: { cookie } });
      expect([answer.status, codeOf(answer.body)]).toEqual([404, 'NOT_FOUND']);
    },
  );
});
