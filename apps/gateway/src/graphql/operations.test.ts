import { userKey, type VDISession } from '@vdi/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sessions } from './operations/read-session.ts';
import { startTestApi, type Answer, type TestApi } from './testing/start-test-api.ts';

const alice = 'alice@example.com';
const bob = 'bob@example.com';
const admin = 'admin@example.com';

/** As the requirement writes them. */
const listExample = `
# List user's sessions
query {
  vdiSessions(user: "alice@example.com") {
    name
    status { phase, url }
    spec { template, resources { gpu } }
  }
}`;
const createExample = `
# Create new session
mutation {
  createVDISession(input: {
    user: "alice@example.com"
    template: "ubuntu-desktop"
  }) {
    name
    status { url }
  }
}`;

describe('operations on sessions', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api[Symbol.asyncDispose]());

  const stored = (name: string): Promise<VDISession> =>
    api.cluster.kube.get(sessions, { namespace: 'vdi-sessions', name });
  const codes = ({ errors = [] }: Answer): readonly string[] => errors.map(({ extensions }) => extensions.code);
  /** Gives each new session an address, as the operator does. */
  const giveAddresses = () =>
    api.catalog.subscribe(({ type, session: { metadata } }) => {
      if (type !== 'added') return;
      void api.setStatus(metadata.name, { phase: 'Creating', host: 'alice', url: 'http://alice.localhost:8080' });
    });

  it.each([alice, admin])('run as the requirement writes them, as %s', async (user) => {
    giveAddresses();
    const created = await api.run(user, createExample);
    expect(created).toEqual({
      status: 200,
      data: {
        createVDISession: {
          name: expect.stringMatching(/^alice-[a-z0-9]{5}$/),
          status: { url: 'http://alice.localhost:8080' },
        },
      },
    });
    expect(await api.run(user, listExample)).toEqual({
      status: 200,
      data: {
        vdiSessions: [
          {
            name: api.catalog.sessions()[0]?.metadata.name,
            status: { phase: 'Creating', url: 'http://alice.localhost:8080' },
            spec: { template: 'ubuntu-desktop', resources: { gpu: null } },
          },
        ],
      },
    });
  });

  it('store what was asked for, and who asked for somebody else', async () => {
    const input = {
      user: 'Alice@Example.com',
      template: 'ubuntu-desktop',
      name: 'mine',
      namespace: null,
      resources: { gpu: 1, memory: '4Gi', cpu: 2 },
      persistence: { enabled: true, size: '10Gi' },
      timeout: '8h',
      shares: [{ user: bob }],
    };
    const create = 'mutation ($input: CreateVDISessionInput!) { createVDISession(input: $input) { name } }';
    expect(await api.run(admin, create, { input })).toMatchObject({ data: { createVDISession: { name: 'mine' } } });
    const { metadata, spec } = await stored('mine');
    expect(spec).toEqual({
      user: alice,
      template: 'ubuntu-desktop',
      resources: { gpu: 1, memory: '4Gi', cpu: 2 },
      persistence: { enabled: true, size: '10Gi' },
      timeout: '8h',
      shares: [{ user: bob, role: 'view' }],
    });
    expect(metadata.annotations).toMatchObject({ 'vdi.kasm.io/requested-by': admin });
    expect(metadata.labels).toMatchObject({ 'vdi.kasm.io/user': userKey(alice) });
  });

  it.each([
    ['template: "missing"', 'BAD_USER_INPUT', /no template "missing": choose one of ubuntu-desktop$/],
    ['template: "secret-desktop"', 'FORBIDDEN', /a template that you may use/],
    ['template: "ubuntu-desktop", namespace: "kube-system"', 'BAD_USER_INPUT', /choose one of vdi-sessions, vdi/],
    ['template: "ubuntu-desktop", name: "Not_A_Name"', 'BAD_USER_INPUT', /Not_A_Name/],
    ['template: "ubuntu-desktop", timeout: "tomorrow"', 'BAD_USER_INPUT', /spec\.timeout/],
    ['template: "ubuntu-desktop", resources: {cpu: "many"}', 'BAD_USER_INPUT', /spec\.resources\.cpu/],
    ['template: "ubuntu-desktop", resources: {cpu: true}', 'BAD_USER_INPUT', /500m/],
    ['template: "ubuntu-desktop", shares: [{user: "bob@example.com", role: control}]', 'FORBIDDEN', /"view" at most/],
    ['template: "ubuntu-desktop", color: "red"', 'BAD_USER_INPUT', /color/],
  ])('refuse {%s} with %s and a reason', async (input, code, message) => {
    const answer = await api.run(alice, `mutation { createVDISession(input: {${input}}) { name } }`);
    expect(codes(answer)).toEqual([code]);
    expect(answer.errors?.[0]?.message).toMatch(message);
    expect(api.catalog.sessions()).toEqual([]);
  });

  it('hand on what the API server says about each field', async () => {
    const answer = await api.run(
      alice,
      'mutation { createVDISession(input: {template: "ubuntu-desktop", timeout: "tomorrow"}) { name } }',
    );
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      reason: 'Invalid',
      causes: [expect.objectContaining({ field: 'spec.timeout' })],
    });
  });

  it('say that a name is taken', async () => {
    await api.createSession('one');
    const answer = await api.run(
      alice,
      'mutation { createVDISession(input: {template: "ubuntu-desktop", name: "one"}) { name } }',
    );
    expect(codes(answer)).toEqual(['ALREADY_EXISTS']);
  });

  it('suspend and resume, and find it done when it is', async () => {
    await api.createSession('one');
    const suspend = 'mutation { suspendVDISession(name: "one") { spec { suspended } } }';
    expect((await api.run(alice, suspend)).data).toEqual({ suspendVDISession: { spec: { suspended: true } } });
    const { resourceVersion } = (await stored('one')).metadata;
    await api.run(alice, suspend);
    expect((await stored('one')).metadata.resourceVersion).toBe(resourceVersion);
    expect((await api.run(alice, '{ vdiSession(name: "one") { spec { suspended } } }')).data).toEqual({
      vdiSession: { spec: { suspended: true } },
    });
    await api.run(alice, 'mutation { resumeVDISession(name: "one") { name } }');
    expect((await stored('one')).spec.suspended).toBe(false);
  });

  it('extend a life, but never to a moment that is past', async () => {
    await api.createSession('one', { timeout: '4h' });
    await api.setStatus('one', { startTime: '2026-01-02T07:00:00Z' });
    const extend = (timeout: string) =>
      api.run(alice, `mutation { extendVDISession(name: "one", timeout: "${timeout}") { spec { timeout } } }`);
    expect((await extend('12h')).data).toEqual({ extendVDISession: { spec: { timeout: '12h' } } });
    expect(codes(await extend('3h'))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await extend('a while'))).toEqual(['BAD_USER_INPUT']);
    expect((await stored('one')).spec.timeout).toBe('12h');
  });

  it('share, as far as the policy goes, and take back', async () => {
    await api.createSession('one');
    const share = (role: string) =>
      api.run(alice, `mutation { shareVDISession(name: "one", user: "Bob@example.com", role: ${role}) { name } }`);
    expect(codes(await share('control'))).toEqual(['FORBIDDEN']);
    expect(codes(await share('view'))).toEqual([]);
    expect((await stored('one')).spec.shares).toEqual([{ user: bob, role: 'view' }]);
    expect((await api.run(bob, '{ vdiSessions { name } }')).data).toEqual({ vdiSessions: [{ name: 'one' }] });
    await api.run(alice, `mutation { unshareVDISession(name: "one", user: "${bob}") { name } }`);
    expect((await api.run(bob, '{ vdiSessions { name } }')).data).toEqual({ vdiSessions: [] });
    expect(codes(await api.run(bob, '{ vdiSession(name: "one") { name } }'))).toEqual(['FORBIDDEN']);
  });

  it('keep every one of many shares that are granted at once', async () => {
    await api.createSession('one');
    const guests = ['b', 'c', 'd'].map((name) => `${name}@example.com`);
    const answers = await Promise.all(
      guests.map((user) => api.run(alice, `mutation { shareVDISession(name: "one", user: "${user}") { name } }`)),
    );
    expect(answers.flatMap(codes)).toEqual([]);
    expect((await stored('one')).spec.shares?.map(({ user }) => user).toSorted()).toEqual(guests);
  });

  it('delete, and show the session on its way out', async () => {
    await api.createSession('one');
    const remove =
      'mutation { deleteVDISession(name: "one") { name metadata { deletionTimestamp } status { phase } } }';
    expect((await api.run(alice, remove)).data).toEqual({
      deleteVDISession: {
        name: 'one',
        metadata: { deletionTimestamp: expect.any(String) },
        status: { phase: 'Terminating' },
      },
    });
    expect(codes(await api.run(alice, remove))).toEqual(['NOT_FOUND']);
    expect((await api.run(alice, '{ vdiSessions { name } }')).data).toEqual({ vdiSessions: [] });
  });

  it('open a session at an address for the caller', async () => {
    await api.createSession('one');
    await api.setStatus('one', { host: 'alice' });
    expect((await api.run(alice, 'mutation { openVDISession(name: "one") { url } }')).data).toEqual({
      openVDISession: { url: `http://alice.localhost/.vdi/enter?code=for-${alice}` },
    });
  });

  it('list own and shared sessions, those of one user, or everybody’s, by namespace and label', async () => {
    await api.createSession('hers');
    await api.createSession('shared', { user: bob, shares: [{ user: alice, role: 'view' }] });
    await api.createSession('his', { user: bob });
    const names = async (user: string, args: string) => {
      const { data } = await api.run(user, `{ vdiSessions${args} { name } }`);
      return ((data?.['vdiSessions'] ?? []) as { name: string }[]).map(({ name }) => name);
    };
    expect(await names(alice, '')).toEqual(['hers', 'shared']);
    expect(await names(alice, `(user: "ALICE@example.com")`)).toEqual(['hers']);
    expect(await names(admin, `(user: "${bob}")`)).toEqual(['shared', 'his']);
    expect(await names(admin, '(everybody: true)')).toEqual(['hers', 'shared', 'his']);
    expect(await names(admin, '(everybody: true, namespace: "vdi")')).toEqual([]);
    expect(await names(admin, '(everybody: true, labelSelector: "!team")')).toEqual(['hers', 'shared', 'his']);
    expect(await names(admin, '(everybody: true, labelSelector: "team in (blue)")')).toEqual([]);
    expect(codes(await api.run(alice, '{ vdiSessions(everybody: true) { name } }'))).toEqual(['FORBIDDEN']);
    expect(codes(await api.run(admin, '{ vdiSessions(labelSelector: "a=b=c") { name } }'))).toEqual(['BAD_USER_INPUT']);
  });

  it('tell the caller who they are, and of templates what they may know', async () => {
    const answer = await api.run(
      alice,
      '{ me { user roles account { name } } vdiTemplates { name spec { displayName policy { sharing } } } }',
    );
    expect(answer.data).toEqual({
      me: { user: alice, roles: ['user'], account: null },
      vdiTemplates: [{ name: 'ubuntu-desktop', spec: { displayName: 'Ubuntu Desktop', policy: { sharing: 'view' } } }],
    });
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it('say that the cluster is away, without saying more', async () => {
    await api.cluster.stop();
    const answer = await api.run(alice, 'mutation { deleteVDISession(name: "one") { name } }');
    expect(codes(answer)).toEqual(['UNAVAILABLE']);
    expect(answer.errors?.[0]?.message).not.toContain('ECONNREFUSED');
  });
});
