import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type Answer, type TestApi } from './testing/start-test-api.ts';

const alice = 'alice@example.com';
const mutation = JSON.stringify({
  query: 'mutation { createVDISession(input: {template: "ubuntu-desktop"}) { name } }',
});

/** Documents that cost much to answer or to check; each must be refused, quickly. */
const hostile: Readonly<Record<string, string>> = {
  aliases: `{ ${Array.from({ length: 16 }, (_, index) => `a${index}: me { user }`).join(' ')} }`,
  'aliases in fragments': `{ ...F ...F ...F ...F } fragment F on Query { ${'abcd'.replace(/./g, '$&: me { user } ')} }`,
  directives: `{ me ${'@skip(if: false) '.repeat(21)} { user } }`,
  tokens: `{ ${'me { user } '.repeat(300)} }`,
  depth: `${'{ a '.repeat(15)}${'}'.repeat(15)}`,
  'deep introspection': `{ __schema { types { ${'fields { type { '.repeat(8)} name ${'} } '.repeat(8)} } } }`,
  'lists of lists': `{ vdiSessions { metadata { labels { name } } ${'status { conditions { type reason } } '.repeat(60)} } }`,
  'doubling fragments': `{ ...F0 } ${Array.from({ length: 40 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`).join(' ')} fragment F40 on Query { vdiSessions { name } }`,
  'a fragment within itself': '{ ...F } fragment F on Query { me { user } ...F }',
  'fragments within each other': '{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }',
  'unknown fragments': '{ ...F }',
  'an open brace': '{',
  nothing: '',
  'a control character': '{ me { us\u0000er } }',
};

describe('GraphQL over HTTP', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  const signedIn = { 'x-test-user': alice };
  const answerOf = async (response: Response): Promise<Answer> => ({
    status: response.status,
    ...((await response.json()) as object),
  });

  it.each(Object.keys(hostile))('refuses %s', async (what) => {
    const startedAtMs = performance.now();
    const answer = await api.run(alice, hostile[what] ?? '');
    expect(answer.data ?? undefined).toBeUndefined();
    expect(answer.errors?.[0]?.extensions.code).toMatch(/^(TOO_COMPLEX|BAD_USER_INPUT)$/);
    // Far from what checking the exponential ones would take.
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
  });

  it('lets the signed-in read the schema, with the query that tools use', async () => {
    const answer = await api.run(alice, getIntrospectionQuery());
    expect(answer.errors).toBeUndefined();
    expect(JSON.stringify(answer.data)).toContain('createVDISession');
  });

  it.each(['{ __schema { types { name } } }', '{ __type(name: "Me") { name } }', '{ mee }', '{ __typename }', '{'])(
    'tells strangers nothing: %s',
    async (query) => {
      const answer = await api.run(undefined, query);
      expect(answer).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(answer.errors?.[0]?.message).not.toMatch(/did you mean/i);
    },
  );

  it.each([
    ['form', 'application/x-www-form-urlencoded'],
    ['multipart form', 'multipart/form-data; boundary=x'],
    ['text', 'text/plain'],
    ['GraphQL text', 'application/graphql'],
    ['JSON lookalike', 'text/plain; application/json'],
  ])('takes no %s, which pages of other origins can send', async (_what, type) => {
    const answer = await answerOf(await api.post(mutation, { ...signedIn, 'content-type': type }));
    expect(answer).toMatchObject({ status: 415, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
    expect(api.catalog.sessions()).toEqual([]);
  });

  it.each(['http://evil.example', 'http://alice.localhost', 'null'])(
    'takes nothing from pages of %s',
    async (origin) => {
      const answer = await answerOf(await api.post(mutation, { ...signedIn, origin }));
      expect(answer).toMatchObject({ status: 403, errors: [{ extensions: { code: 'FORBIDDEN' } }] });
      expect(api.catalog.sessions()).toEqual([]);
    },
  );

  it('takes pages of its own origin', async () => {
    const answer = await api.post('{"query":"{ me { user } }"}', { ...signedIn, origin: api.origin });
    expect(await answer.json()).toEqual({ data: { me: { user: alice } } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each(['GET', 'PUT', 'DELETE'])('takes no %s', async (method) => {
    const address = `${api.origin}/graphql?query=${encodeURIComponent('{ me { user } }')}`;
    const response = await fetch(address, { method, headers: signedIn });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it.each([
    ['several operations at once', `[${mutation},${mutation}]`, 400],
    ['broken JSON', '{"query":', 400],
    ['a number', '42', 400],
    ['a body without end', JSON.stringify({ query: `{ me { user } } #${'x'.repeat(70_000)}` }), 413],
    ['a stream without a socket', JSON.stringify({ query: 'subscription { watchVDISessions { type } }' }), 200],
  ])('refuses %s', async (_what, body, status) => {
    const answer = await answerOf(await api.post(body, { ...signedIn, accept: 'application/json' }));
    expect(answer.status).toBe(status);
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(api.catalog.sessions()).toEqual([]);
  });
});
