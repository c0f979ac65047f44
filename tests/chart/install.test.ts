import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BareCluster, startBareCluster } from './bare-cluster.ts';
import { foreignDefinitions } from './foreign-kinds.ts';
import { chartFolder, release, renderText } from './helm.ts';
import { installations } from './installations.ts';

const definitions = foreignDefinitions.map((definition) => JSON.stringify(definition)).join('\n---\n');
const where = ['--namespace', release.namespace];
const values = ['--set', 'domain=vdi.example.com,localAccounts.enabled=true'];

describe('kubectl', () => {
  let cluster: BareCluster;
  beforeAll(async () => {
    cluster = await startBareCluster();
    await cluster.run('kubectl', ['create', '-f', '-'], definitions);
    await cluster.run('kubectl', ['create', '-f', `${chartFolder}/crds`]);
    for (const name of [release.namespace, 'vdi-sessions', 'vdi', 'students', 'staff']) {
      await cluster.run('kubectl', ['create', 'namespace', name]);
    }
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  it.each(Object.entries(installations))('applies every object for %s, and no field is unknown', async (_who, one) => {
    const printed = await cluster.run(
      'kubectl',
      ['apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', '-'],
      renderText(one),
    );
    expect(printed).not.toMatch(/warning/i);
    const count = renderText(one).match(/^kind: /gm)?.length;
    expect(printed.match(/ serverside-applied$/gm)).toHaveLength(count ?? 0);
  });
});

describe('helm', () => {
  it('says what is missing in a cluster without Traefik, and installs there with a route of another kind', async () => {
    await using cluster = await startBareCluster();
    const install = ['install', release.name, chartFolder, ...where, '--create-namespace', ...values];
    await expect(cluster.run('helm', install)).rejects.toThrow(
      'route.kind is traefik, but this cluster does not serve traefik.io/v1alpha1. Install Traefik 3 with its CRDs, or set route.kind=ingress (or none).',
    );
    expect(await cluster.run('helm', [...install, '--set', 'route.kind=none'])).toContain('STATUS: deployed');
  });

  it('installs, upgrades, removes and installs again, and no session, home or definition is lost', async () => {
    await using cluster = await startBareCluster();
    await cluster.run('kubectl', ['create', '-f', '-'], definitions);
    const install = ['install', release.name, chartFolder, ...where, '--create-namespace', ...values];
    const notes = await cluster.run('helm', install);
    expect(notes).toContain('Open https://vdi.example.com, sign in, press Launch.');
    expect(notes).not.toContain('WARNING');

    await cluster.run('kubectl', ['create', '-f', '-'], JSON.stringify(session));
    await cluster.run('kubectl', ['create', '-f', '-'], JSON.stringify(home));
    const upgrade = ['upgrade', release.name, chartFolder, ...where, ...values, '--set', 'operator.replicas=2'];
    await cluster.run('helm', upgrade);
    const replicas = ['get', 'deployment', 'vdi-operator', ...where, '-o', 'jsonpath={.spec.replicas}'];
    expect(await cluster.run('kubectl', replicas)).toBe('2');

    await cluster.run('helm', ['uninstall', release.name, ...where]);
    const gone = ['get', 'deployments,services,roles,clusterroles', '-A', '-o', 'name'];
    expect(await cluster.run('kubectl', gone)).not.toContain('vdi');
    const kept = [...'vdisessions,persistentvolumeclaims,networkpolicies'.split(' '), '-n', 'vdi-sessions'];
    expect((await cluster.run('kubectl', ['get', ...kept, '-o', 'name'])).trim().split('\n')).toEqual([
      'vdisession.vdi.kasm.io/desk',
      'persistentvolumeclaim/home',
      'networkpolicy.networking.k8s.io/vdi-default-deny',
    ]);
    expect(await cluster.run('kubectl', ['get', 'storageclass,vditemplate', '-o', 'name'])).toContain('vdi-homes');

    expect(await cluster.run('helm', install)).toContain('STATUS: deployed');
    expect(await cluster.run('kubectl', ['get', 'vdisession', '-n', 'vdi-sessions', '-o', 'name'])).toContain('desk');
  });

  it('warns when the definitions of the cluster are not those of the chart, until they are', async () => {
    await using cluster = await startBareCluster();
    const own = [...values, '--set', 'route.kind=none'];
    await cluster.run('helm', ['install', release.name, chartFolder, ...where, '--create-namespace', ...own]);
    const older = [{ op: 'remove', path: `${properties}/displayName` }];
    await cluster.run('kubectl', ['patch', 'crd', definition, '--type=json', '-p', JSON.stringify(older)]);
    const upgrade = ['upgrade', release.name, chartFolder, ...where, ...own];
    expect(await cluster.run('helm', upgrade)).toContain(
      `WARNING: the definitions of ${definition} in this cluster are not those of this chart`,
    );
    const shown = await cluster.run('helm', ['show', 'crds', chartFolder]);
    await cluster.run('kubectl', ['apply', '--server-side', '--force-conflicts', '-f', '-'], shown);
    expect(await cluster.run('helm', upgrade)).not.toContain('WARNING');
  });
});

const definition = 'vdisessions.vdi.kasm.io';
const properties = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';

const session = {
  apiVersion: 'vdi.kasm.io/v1alpha1',
  kind: 'VDISession',
  metadata: { name: 'desk', namespace: 'vdi-sessions' },
  spec: { user: 'alice@example.com', template: 'ubuntu-desktop' },
};

const home = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'home', namespace: 'vdi-sessions' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'vdi-homes',
    resources: { requests: { storage: '1Gi' } },
  },
};
