import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { sessions } from './operations/read-session.ts';
import { startTestApi, type TestApi } from './testing/start-test-api.ts';

const alice = 'alice@example.com';
const bob = 'bob@example.com';

describe('subscriptions', () => {
  let api: TestApi;
  const closing: (() => void | Promise<void>)[] = [];

  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await api[Symbol.asyncDispose]();
  });

  const address = () => `${api.origin.replace('http', 'ws')}/graphql`;
  const connect = (user: string) => {
    const closed = Promise.withResolvers<number>();
    const client = createClient({
      url: address(),
      webSocketImpl: class extends WebSocket {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers: { 'x-test-user': user } });
        }
      },
      retryAttempts: 0,
      on: { closed: (event) => closed.resolve((event as { code: number }).code) },
    });
    closing.push(() => client.dispose());
    return { client, closed: closed.promise };
  };
  const watch = (user: string, query: string) => {
    const { client, closed } = connect(user);
    const events = client.iterate<Record<string, WatchEvent>>({ query });
    const next = async () => {
      const { value, done } = await events.next();
      if (done === true) return 'over';
      const [event] = Object.values(value?.data ?? {});
      return event && told(event);
    };
    return { next, closed, stop: () => events.return?.() };
  };
  const everything = 'subscription { watchVDISessions { type sessions { name status { phase } } } }';
  const ofOne = 'subscription { watchVDISession(name: "one") { type session { name status { phase } } } }';
  const inNamespace = (name: string) => ({ namespace: 'vdi-sessions', name });

  it('begin with everything, then tell each change', async () => {
    await api.createSession('one');
    await api.createSession('foreign', { user: bob });
    const { next } = watch(alice, everything);
    expect(await next()).toBe('SNAPSHOT one:Pending');
    await api.setStatus('foreign', { phase: 'Running' });
    await api.setStatus('one', { phase: 'Running' });
    expect(await next()).toBe('UPDATED one:Running');
    await api.createSession('two');
    expect(await next()).toBe('ADDED two:Pending');
    await api.cluster.kube.delete(sessions, inNamespace('one'));
    expect(await next()).toBe('DELETED one:Running');
  });

  it('tell a slow reader less often, but never wrongly', async () => {
    const { next } = watch(alice, everything);
    expect(await next()).toBe('SNAPSHOT ');
    await api.createSession('one');
    for (const phase of ['Creating', 'Running', 'Suspended'] as const) await api.setStatus('one', { phase });
    const told: unknown[] = [];
    while (told.at(-1) !== 'UPDATED one:Suspended') told.push(await next());
    expect(told[0]).toMatch(/^ADDED one:/);
    expect(told.length).toBeLessThanOrEqual(4);
  });

  it('show a shared session while it is shared, and nothing of it afterwards', async () => {
    await api.createSession('one');
    const { next } = watch(bob, everything);
    expect(await next()).toBe('SNAPSHOT ');
    await api.run(alice, `mutation { shareVDISession(name: "one", user: "${bob}") { name } }`);
    expect(await next()).toBe('ADDED one:Pending');
    await api.run(alice, `mutation { unshareVDISession(name: "one", user: "${bob}") { name } }`);
    expect(await next()).toBe('DELETED one:Pending');
    await api.setStatus('one', { phase: 'Running' });
    await api.createSession('his', { user: bob });
    expect(await next()).toBe('ADDED his:Pending');
  });

  it('lose nothing while the API server is away and has forgotten the history', async () => {
    await api.createSession('one');
    const { next } = watch(alice, everything);
    expect(await next()).toBe('SNAPSHOT one:Pending');
    await api.cluster.stop();
    api.cluster.start();
    await api.cluster.kube.delete(sessions, inNamespace('one'));
    api.cluster.compact();
    await api.createSession('two');
    expect(new Set([await next(), await next()])).toEqual(new Set(['ADDED two:Pending', 'DELETED one:Pending']));
  });

  it('of one session end when it is gone', async () => {
    await api.createSession('one');
    await api.createSession('two');
    const { next } = watch(alice, ofOne);
    expect(await next()).toBe('SNAPSHOT one:Pending');
    await api.setStatus('two', { phase: 'Running' });
    await api.setStatus('one', { phase: 'Running' });
    expect(await next()).toBe('UPDATED one:Running');
    await api.cluster.kube.delete(sessions, inNamespace('one'));
    expect(await next()).toBe('DELETED one:Running');
    expect(await next()).toBe('over');
  });

  it('close with code 4401 when the sign-in ends, and tell nothing more', async () => {
    await api.createSession('one');
    const mine = watch(alice, everything);
    const other = watch(bob, everything);
    expect(await mine.next()).toBe('SNAPSHOT one:Pending');
    expect(await other.next()).toBe('SNAPSHOT ');
    const rest = mine.next().catch(() => 'broken off');
    api.signOut(alice);
    expect(await mine.closed).toBe(4401);
    expect(await rest).not.toMatch(/one/);
    await api.createSession('his', { user: bob });
    expect(await other.next()).toBe('ADDED his:Pending');
  });

  it.each(['{ me { user } }', 'mutation { deleteVDISession(name: "one") { name } }', '{', 'subscription { nothing }'])(
    'are all that a socket takes: not %s',
    async (query) => {
      await api.createSession('one');
      const failed = connect(alice).client.iterate({ query }).next();
      await expect(failed).rejects.toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
      expect(api.catalog.sessions()).toHaveLength(1);
    },
  );

  it.each([
    ['a page of ours that is not signed in', { origin: 'ours' }, 401],
    ['a token that is not valid', { authorization: 'Bearer expired' }, 401],
    ['a page of another origin', { 'x-test-user': alice, origin: 'http://alice.localhost:8080' }, 403],
    ['a page without an origin', { 'x-test-user': alice, origin: 'null' }, 403],
  ])('are refused before the upgrade to %s', async (_who, headers, status) => {
    const ours = { ...headers, ...('origin' in headers && headers.origin === 'ours' ? { origin: api.origin } : {}) };
    const socket = new WebSocket(address(), 'graphql-transport-ws', { headers: ours });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(status);
    socket.terminate();
  });

  describe('of API clients, who name a token in connection_init,', () => {
    const connectWith = (connectionParams: Record<string, unknown> | undefined, headers = {}) => {
      const closed = Promise.withResolvers<{ code: number; reason: string }>();
      const client = createClient({
        url: address(),
        webSocketImpl: class extends WebSocket {
          constructor(url: string, protocols: string) {
            super(url, protocols, { headers });
          }
        },
        retryAttempts: 0,
        on: { closed: (event) => closed.resolve(event as { code: number; reason: string }) },
        ...(connectionParams === undefined ? {} : { connectionParams }),
      });
      closing.push(() => client.dispose());
      const first = client
        .iterate<Record<string, WatchEvent>>({ query: everything })
        .next()
        .then(
          ({ value }) =>
            Object.values<WatchEvent>(value?.data ?? {})
              .map(told)
              .join(),
          () => 'refused',
        );
      return { first, closed: closed.promise };
    };

    it.each([
      ['there', { authorization: `Bearer ${alice}` }, {}],
      ['in the spelling of HTTP', { Authorization: `bearer ${alice}` }, {}],
      [
        'in a header of the upgrade, whatever page sent it',
        undefined,
        { authorization: `Bearer ${alice}`, origin: 'x:y' },
      ],
    ])('begin when it is %s', async (_where, params, headers) => {
      await api.createSession('one');
      expect(await connectWith(params, headers).first).toBe('SNAPSHOT one:Pending');
    });

    it.each([
      ['no token', undefined, /name an access token in connection_init/],
      ['one that is not valid', { authorization: 'Bearer expired' }, /it has expired/],
      ['another scheme', { authorization: 'Basic YTpi' }, /name an access token/],
      ['no text', { authorization: 42 }, /name an access token/],
    ])('are refused with %s, and the audit hears of it', async (_what, params, reason) => {
      const { first, closed } = connectWith(params);
      const { code, reason: given } = await closed;
      expect([code, given]).toEqual([4401, expect.stringMatching(reason)]);
      expect(await first).toBe('refused');
      expect(api.audit).toMatchObject([{ surface: 'upgrade', allowed: false, code: 'UNAUTHENTICATED' }]);
    });

    it('end with the sign-in, like all others', async () => {
      const { first, closed } = connectWith({ authorization: `Bearer ${alice}` });
      expect(await first).toBe('SNAPSHOT ');
      api.signOut(alice);
      expect((await closed).code).toBe(4401);
    });
  });
});

interface WatchEvent {
  readonly type: string;
  readonly session?: WatchedSession;
  readonly sessions?: readonly WatchedSession[];
}

interface WatchedSession {
  readonly name: string;
  readonly status: { readonly phase: string };
}

/** `UPDATED one:Running` */
function told({ type, session, sessions = session === undefined ? [] : [session] }: WatchEvent): string {
  return `${type} ${sessions.map(({ name, status }) => `${name}:${status.phase}`).join(' ')}`;
}
