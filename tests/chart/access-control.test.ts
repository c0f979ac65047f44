import type { Fetch } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { AccessControl } from './access-control.ts';
import type { ChartObject, Rule } from './chart-object.ts';

const subjects = [{ kind: 'ServiceAccount', name: 'robot', namespace: 'system' }];

/** A role and its binding to the account `robot`, in one namespace or in all. */
function granted(rules: readonly Rule[], namespace?: string): readonly ChartObject[] {
  const prefix = namespace === undefined ? 'Cluster' : '';
  const metadata = { name: 'robot', ...(namespace !== undefined && { namespace }) };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const role = { apiVersion, kind: `${prefix}Role`, metadata, rules };
  const binding = {
    apiVersion,
    kind: `${prefix}RoleBinding`,
    metadata,
    roleRef: { kind: role.kind, name: 'robot' },
    subjects,
  };
  return [role, binding] as readonly object[] as readonly ChartObject[];
}

const objects = [
  ...granted([{ apiGroups: [''], resources: ['nodes', 'configmaps'], verbs: ['list'] }]),
  ...granted(
    [
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'create'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['mine'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] },
      { apiGroups: ['apps'], resources: ['deployments/status'], verbs: ['patch'] },
    ],
    'here',
  ),
];
const here = 'https://api/api/v1/namespaces/here';
const deployments = 'https://api/apis/apps/v1/namespaces/here/deployments';
const apply = { 'content-type': 'application/apply-patch+yaml' };

/** A server that has nothing but the Deployment `there`. */
const server: Fetch = async (url, init) => {
  const isMissing = init.method === 'GET' && !url.endsWith('/deployments/there');
  return await Promise.resolve(new Response('{}', { status: isMissing ? 404 : 200 }));
};

describe('the roles of an account', () => {
  it.each<readonly [method: string, url: string, headers: Readonly<Record<string, string>>, denied: readonly string[]]>(
    [
      ['GET', `${here}/pods/a`, {}, []],
      ['GET', 'https://api/api/v1/namespaces/elsewhere/pods/a', {}, ['get pods a in elsewhere']],
      ['GET', `${here}/pods`, {}, ['list pods in here']],
      ['GET', `${here}/pods?watch=true`, {}, ['watch pods in here']],
      ['GET', 'https://api/api/v1/nodes', {}, []],
      ['GET', 'https://api/api/v1/nodes?watch=true', {}, ['watch nodes']],
      ['GET', `${here}/configmaps`, {}, []],
      ['GET', `${here}/secrets/mine`, {}, []],
      ['GET', `${here}/secrets/yours`, {}, ['get secrets yours in here']],
      ['POST', `${here}/pods`, {}, []],
      ['POST', `${here}/pods/a/eviction`, {}, ['create pods/eviction a in here']],
      ['DELETE', `${here}/pods`, {}, ['deletecollection pods in here']],
      ['DELETE', `${here}/pods/a`, {}, ['delete pods a in here']],
      ['PUT', `${deployments}/there`, {}, ['update deployments.apps there in here']],
      ['PATCH', `${deployments}/there`, {}, []],
      ['PATCH', `${deployments}/there/status`, apply, []],
      ['PATCH', `${deployments}/there?force=true`, apply, []],
      ['PATCH', `${deployments}/missing?force=true`, apply, ['create deployments.apps in here']],
      ['GET', 'https://api/apis/traefik.io/v1alpha1', {}, []],
      ['GET', 'https://api/version', {}, []],
    ],
  )('decide on %s %s', async (method, url, headers, denied) => {
    const access = new AccessControl(objects, 'robot');
    const answer = await access.guard(server)(url, { method, headers });
    expect([...access.denied]).toEqual(denied);
    expect(answer.status === 403).toBe(denied.length > 0);
  });

  it('give nothing to another account', async () => {
    const access = new AccessControl(objects, 'stranger');
    expect((await access.guard(server)(`${here}/pods/a`, { method: 'GET' })).status).toBe(403);
  });

  it('show which rights were used, and count one in all namespaces as unused by who asks in one', async () => {
    const access = new AccessControl(objects, 'robot');
    const fetch = access.guard(server);
    for (const url of [`${here}/pods/a`, `${here}/configmaps`, 'https://api/api/v1/nodes'])
      await fetch(url, { method: 'GET' });
    expect(access.unused).toEqual([
      'list configmaps',
      'create pods in here',
      'get secrets mine in here',
      'patch deployments.apps in here',
      'patch deployments.apps/status in here',
    ]);
  });
});
