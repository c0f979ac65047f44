import {
  homeClaimName,
  userKey,
  type VDISession,
  vdiSession,
  type VDITemplate,
  vdiTemplate,
  type VDIUser,
  vdiUser,
} from '@vdi/api';
import { builtinResources, resourceOf } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { Visitor } from '../../apps/gateway/src/testing/start-test-gateway.ts';
import { aSession, aTemplate, testTicketKeys } from '../../apps/operator/src/testing/builders.ts';
import { anAgentStatus } from '../../apps/operator/src/testing/scripted-agents.ts';
import { allOf, type PodSpec, title } from './chart-object.ts';
import { GuardedInstallation } from './guarded-installation.ts';
import { render } from './helm.ts';
import { installations } from './installations.ts';
import { restrictedViolations } from './pod-security.ts';

const sessions = resourceOf<VDISession>(vdiSession);
const templates = resourceOf<VDITemplate>(vdiTemplate);
const users = resourceOf<VDIUser>(vdiUser);

describe.each(Object.entries(installations))('the roles of the chart for %s', (_who, values) => {
  const objects = render(values);
  const roles = [...allOf(objects, 'ClusterRole'), ...allOf(objects, 'Role')];
  const rules = roles.flatMap((role) => role.rules.map((rule) => ({ role: title(role), ...rule })));

  it('have no wildcard, list no Secrets and change no roles', () => {
    for (const rule of rules) {
      const where = JSON.stringify(rule);
      expect([...rule.apiGroups, ...rule.resources, ...rule.verbs], where).not.toContain('*');
      expect(rule.apiGroups, where).not.toContain('rbac.authorization.k8s.io');
      if (!rule.resources.includes('secrets')) continue;
      for (const verb of ['list', 'watch', 'deletecollection', 'update']) expect(rule.verbs, where).not.toContain(verb);
    }
    const dangerous = [
      'pods/exec',
      'pods/attach',
      'pods/portforward',
      'pods/eviction',
      'nodes/proxy',
      'serviceaccounts/token',
    ];
    for (const resource of dangerous) expect(rules.flatMap(({ resources }) => resources)).not.toContain(resource);
    for (const verb of ['escalate', 'bind', 'impersonate'])
      expect(rules.flatMap(({ verbs }) => verbs)).not.toContain(verb);
  });

  it('are each bound to the account of their name, and every account has a Deployment', () => {
    const accounts = allOf(objects, 'ServiceAccount').map(({ metadata }) => metadata.name);
    const used = allOf(objects, 'Deployment').map(({ spec }) => spec.template.spec['serviceAccountName']);
    expect(new Set(accounts)).toEqual(new Set(used));
    const bindings = [...allOf(objects, 'ClusterRoleBinding'), ...allOf(objects, 'RoleBinding')];
    expect(bindings.map(({ metadata, roleRef }) => `${roleRef.kind} ${metadata.namespace}/${roleRef.name}`)).toEqual(
      roles.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
    );
    for (const { subjects, roleRef } of bindings) {
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: roleRef.name, namespace: 'vdi-system' }]);
    }
  });
});

describe('operator and gateway in a full life of sessions', () => {
  it('do with their roles all that they do, and leave no right unused but those that are reviewed here', async () => {
    await using test = await GuardedInstallation.start(render(installations['the least, to try things out'] ?? {}));
    await liveWithPeople(test);
    await liveWithKubectl(test);
    expect([...test.access.gateway.denied]).toEqual([]);
    expect([...test.access.operator.denied]).toEqual([]);
    expect(test.access.gateway.unused).toEqual([
      // When somebody opens a session in the moment between the write of its Pod and the watch that tells of it.
      'get pods in vdi-sessions',
    ]);
    expect(test.access.operator.unused).toEqual([
      // Asked for by API servers with OwnerReferencesPermissionEnforcement, OpenShift's among them, on behalf of the operator.
      'update vdisessions.vdi.kasm.io/finalizers in vdi-sessions',
    ]);
  });
});

/** Sign-in, launch, idleness, return, the loss of a node, end: what people do, and what happens to them. */
async function liveWithPeople(test: GuardedInstallation): Promise<void> {
  test.node.script.reclaimPolicy = 'Delete';
  test.agents.answer = anAgentStatus();
  await test.kube.create(templates, aTemplate({ lifecycle: { idleTimeout: '10m' } }));
  const alice = await signInTwice(test, 'alice@example.com');
  // What the gateway has not heard of, it asks for.
  await expect(ask(test, alice, 'createVDISession(input: { template: "kde" }) { name }')).rejects.toThrow('kde');
  const { name } = await ask(test, alice, 'createVDISession(input: { template: "xfce" }) { name }');
  await test.converge();
  expect((await read(test, name)).status?.phase).toBe('Running');
  // The namespaces that the chart makes admit nothing less.
  const { items: pods } = await test.kube.list(builtinResources.pods);
  expect(pods.map(({ spec }) => restrictedViolations(spec as PodSpec))).toEqual([[]]);

  await test.pass(12);
  expect((await read(test, name)).spec.suspended).toBe(true);
  await replaceTicketKeys(test);
  await ask(test, alice, `resumeVDISession(name: "${name}") { name }`);
  await test.converge();
  expect((await read(test, name)).status?.phase).toBe('Running');

  for (const _evicted of ['once', 'twice']) {
    await test.node.lose((await read(test, name)).status?.podName ?? '', 'Evicted');
    await test.converge();
  }
  expect((await read(test, name)).status?.phase).toBe('Running');

  await ask(test, alice, `deleteVDISession(name: "${name}") { name }`);
  await test.converge();
  expect((await test.kube.list(sessions)).items).toEqual([]);
}

/** A session of an administrator that runs out of time while one operator takes over from another. */
async function liveWithKubectl(test: GuardedInstallation): Promise<void> {
  await test.kube.create(sessions, aSession({ timeout: '5m' }, { name: 'short' }));
  await test.converge();
  expect((await read(test, 'short')).status?.phase).toBe('Running');
  await test.startOperator();
  await test.pass(6);
  expect((await test.kube.list(sessions)).items).toEqual([]);
  const left = await test.kube.list(builtinResources.persistentVolumeClaims);
  expect(left.items.map(({ metadata }) => metadata.name)).toEqual([homeClaimName(userKey('alice@example.com'))]);
}

/** The first makes a record of the person, the second finds it. */
async function signInTwice(test: GuardedInstallation, user: string): Promise<Visitor> {
  const visitor = new Visitor();
  for (const _time of ['first', 'second']) {
    await visitor.signIn(test.url, user, test.firstPasswords.get(user) ?? '');
  }
  expect((await test.kube.get(users, { name: userKey(user) })).spec.subject).toMatch(/^urn:vdi:local-accounts#/);
  return visitor;
}

/** What the gateway would publish with keys of its own made anew. */
async function replaceTicketKeys(test: GuardedInstallation): Promise<void> {
  const data = { 'jwks.json': JSON.stringify(testTicketKeys) };
  const name = { namespace: 'vdi-system', name: 'vdi-ticket-keys' };
  await test.kube.patch(builtinResources.configMaps, name, { type: 'merge', value: { data } });
}

const read = async (test: GuardedInstallation, name: string): Promise<VDISession> =>
  await test.kube.get(sessions, { namespace: 'vdi-sessions', name });

/** The answer to one mutation, which must have a name. */
async function ask(test: GuardedInstallation, visitor: Visitor, mutation: string): Promise<{ readonly name: string }> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(new URL('/graphql', test.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: test.url.origin, cookie },
    body: JSON.stringify({ query: `mutation { it: ${mutation} }` }),
  });
  const answer = (await response.json()) as {
    readonly data?: { readonly it: { readonly name: string } } | null;
    readonly errors?: readonly object[];
  };
  if (!answer.data || answer.errors !== undefined) throw new Error(`${mutation}: ${JSON.stringify(answer.errors)}`);
  return answer.data.it;
}
