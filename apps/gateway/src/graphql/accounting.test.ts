import { createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from './schema.ts';
import { startTestApi, type TestApi } from './testing/start-test-api.ts';

interface Case {
  /** Who may. */
  readonly allow: string;
  /** Somebody who is signed in and may not; undefined where everybody who is signed in may. */
  readonly deny: string | undefined;
  readonly operation: string;
}

const alice = 'alice@example.com';
const bob = 'bob@example.com';
const operator = 'operator@example.com';

/** Every field at the root of the schema; a field that is added without its line here fails the first test. */
const cases: Readonly<Record<string, Case>> = {
  'Query.me': { allow: alice, deny: undefined, operation: '{ me { user } }' },
  'Query.vdiSessions': { allow: alice, deny: bob, operation: `{ vdiSessions(user: "${alice}") { name } }` },
  'Query.vdiSession': { allow: alice, deny: bob, operation: '{ vdiSession(name: "one") { name } }' },
  'Query.vdiTemplates': { allow: alice, deny: undefined, operation: '{ vdiTemplates { name } }' },
  'Query.vdiTemplate': { allow: operator, deny: alice, operation: '{ vdiTemplate(name: "secret-desktop") { name } }' },
  'Query.vdiUsers': { allow: operator, deny: alice, operation: '{ vdiUsers { name } }' },
  'Mutation.createVDISession': {
    allow: alice,
    deny: bob,
    operation: `mutation { createVDISession(input: { user: "${alice}", template: "ubuntu-desktop" }) { name } }`,
  },
  'Mutation.deleteVDISession': {
    allow: alice,
    deny: bob,
    operation: 'mutation { deleteVDISession(name: "one") { name } }',
  },
  'Mutation.suspendVDISession': {
    allow: alice,
    deny: bob,
    operation: 'mutation { suspendVDISession(name: "one") { name } }',
  },
  'Mutation.resumeVDISession': {
    allow: alice,
    deny: bob,
    operation: 'mutation { resumeVDISession(name: "one") { name } }',
  },
  'Mutation.extendVDISession': {
    allow: alice,
    deny: bob,
    operation: 'mutation { extendVDISession(name: "one", timeout: "24h") { name } }',
  },
  'Mutation.shareVDISession': {
    allow: alice,
    deny: operator,
    operation: 'mutation { shareVDISession(name: "one", user: "carol@example.com") { name } }',
  },
  'Mutation.unshareVDISession': {
    allow: alice,
    deny: operator,
    operation: 'mutation { unshareVDISession(name: "one", user: "carol@example.com") { name } }',
  },
  'Mutation.openVDISession': {
    allow: alice,
    deny: operator,
    operation: 'mutation { openVDISession(name: "one") { url } }',
  },
  'Subscription.watchVDISessions': {
    allow: alice,
    deny: bob,
    operation: `subscription { watchVDISessions(user: "${alice}") { type } }`,
  },
  'Subscription.watchVDISession': {
    allow: alice,
    deny: bob,
    operation: 'subscription { watchVDISession(name: "one") { type } }',
  },
};

const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap((type) =>
  Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
);

describe('access to GraphQL', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await startTestApi();
    await api.createSession('one');
    await api.setStatus('one', { host: 'alice', phase: 'Running' });
  });
  afterEach(() => api[Symbol.asyncDispose]());

  /** The code of the error, or undefined where the operation was answered. */
  const codeFor = async (user: string | undefined, { operation }: Case): Promise<unknown> => {
    if (operation.startsWith('subscription')) return await firstOf(api, user, operation);
    return (await api.run(user, operation)).errors?.[0]?.extensions.code;
  };

  it('is accounted for in every field', () => {
    expect(Object.keys(cases).toSorted()).toEqual(rootFields.toSorted());
  });

  it.each(rootFields)('%s is there for those who may', async (field) => {
    const found = cases[field];
    expect(found && (await codeFor(found.allow, found))).toBeUndefined();
    expect(api.audit.every(({ allowed }) => allowed)).toBe(true);
    expect(api.audit).not.toHaveLength(0);
  });

  it.each(rootFields)('%s is refused to strangers', async (field) => {
    const found = cases[field];
    expect(found && (await codeFor(undefined, found))).toBe('UNAUTHENTICATED');
    expect(api.audit.map(({ allowed }) => allowed)).toEqual([false]);
  });

  it.each(rootFields.filter((field) => cases[field]?.deny !== undefined))(
    '%s is refused to the signed-in who may not, and nothing has changed',
    async (field) => {
      const found = cases[field];
      const before = await api.cluster.kube.list({ ...sessionsResource });
      expect(found && (await codeFor(found.deny, found))).toBe('FORBIDDEN');
      expect(await api.cluster.kube.list({ ...sessionsResource })).toEqual(before);
      expect(api.audit.map(({ allowed }) => allowed)).toEqual([false]);
    },
  );
});

const sessionsResource = {
  group: 'vdi.kasm.io',
  version: 'v1alpha1',
  plural: 'vdisessions',
  kind: 'VDISession',
  namespaced: true,
};

/** The code of the first thing that a subscription says. */
async function firstOf(api: TestApi, user: string | undefined, query: string): Promise<unknown> {
  const socketOf = class extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, user === undefined ? {} : { headers: { 'x-test-user': user } });
    }
  };
  const refused = Promise.withResolvers<unknown>();
  const client = createClient({
    url: `${api.origin.replace('http', 'ws')}/graphql`,
    webSocketImpl: socketOf,
    retryAttempts: 0,
    on: { closed: (event) => refused.resolve((event as { code: number }).code === 4401 && 'UNAUTHENTICATED') },
  });
  try {
    const answered = client.iterate({ query }).next();
    // A refusal of the upgrade rejects it too; that is told apart by the event.
    const code = answered.then(
      ({ value }) => (value?.errors?.[0]?.extensions as { code?: unknown } | undefined)?.code,
      (error: unknown) => (Array.isArray(error) ? error[0].extensions.code : refused.promise),
    );
    return await code;
  } finally {
    await client.dispose();
  }
}
