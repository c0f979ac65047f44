import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BareCluster, startBareCluster } from '../chart/bare-cluster.ts';
import { installChart } from './chart-release.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { type Kubectl, kubectlFor } from './kubectl.ts';
import { findLacks } from './preconditions.ts';
import { refusal } from './refused-requests.ts';

// What a run does before and after the life of its session needs no containers, so it is tried here on every machine: real
// kubectl and real helm, against the API server of standalone mode with nothing in it.
let cluster: BareCluster;
let kubectl: Kubectl;
let settings: ClusterSettings;

beforeAll(async () => {
  cluster = await startBareCluster();
  kubectl = kubectlFor(cluster.kubeconfig);
  settings = {
    kubeconfig: cluster.kubeconfig,
    runName: 'vdi-test-abc123',
    isInstalled: false,
    isStandalone: false,
    sessionNamespace: 'vdi-test-abc123',
    systemNamespace: 'vdi-test-abc123-system',
    images: { registry: 'registry.example.com', tag: '1.2.3', pullPolicy: 'Always' },
    storageClass: undefined,
    valuesFile: undefined,
    user: 'alice@example.com',
    dashboard: undefined,
  };
});
afterAll(() => cluster[Symbol.asyncDispose]());

const ready = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const aNode = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one', labels: { 'kubernetes.io/arch': 'amd64' } } };
const aStorageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'fast', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'example.com/fast',
};

describe('a cluster', () => {
  it('without nodes and storage is told what it lacks, a sentence each', async () => {
    expect(await findLacks(kubectl, settings)).toEqual([
      expect.stringMatching(/^None of 0 nodes is ready/),
      expect.stringMatching(/^No StorageClass is the default .*VDI_CLUSTER_STORAGE_CLASS/),
    ]);
    expect(await findLacks(kubectl, { ...settings, storageClass: 'slow' })).toContain(
      'There is no StorageClass slow; there are: none.',
    );
  });

  it('without an installation is told where one was expected', async () => {
    expect(await findLacks(kubectl, { ...settings, isInstalled: true })).toEqual(
      expect.arrayContaining([
        expect.stringContaining('There is no namespace vdi-test-abc123:'),
        expect.stringContaining('No operator runs in vdi-test-abc123-system:'),
      ]),
    );
  });

  it('with all of it lacks nothing', async () => {
    await kubectl.apply(aNode, aStorageClass);
    const patch = ['patch', 'node', 'one', '--subresource=status', '--type=merge', '-p', JSON.stringify(ready)];
    await kubectl.run(patch);
    expect(await findLacks(kubectl, settings)).toEqual([]);
  });
});

describe('the installation of a run', () => {
  it('is the chart with the images of the settings, in namespaces of the run, and leaves nothing behind', async () => {
    const before = await allThere();
    await kubectl.run(['create', 'namespace', settings.systemNamespace]);
    const installation = await installChart(kubectl, settings);
    const image = ['get', 'deployment', 'vdi-gateway', '-n', settings.systemNamespace];
    expect(await kubectl.run([...image, '--output=jsonpath={.spec.template.spec.containers[0].image}'])).toBe(
      'registry.example.com/vdi-operator/control:1.2.3',
    );
    const { metadata } = await kubectl.get(['namespace', settings.sessionNamespace]);
    expect(metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });

    expect(await findLacks(kubectl, settings)).toEqual([
      expect.stringContaining('There is a namespace vdi-sessions'),
      expect.stringContaining(`vdi-operator is installed already, in ${settings.systemNamespace}`),
    ]);
    await installation[Symbol.asyncDispose]();
    await kubectl.run(['delete', 'namespace', settings.systemNamespace]);
    expect(await allThere()).toEqual(before);
  });

  it('leaves definitions that were there before, and refuses those that are others', async () => {
    const crds = 'charts/vdi-operator/crds';
    await kubectl.run(['create', '-f', crds]);
    const before = await allThere();
    expect(await findLacks(kubectl, settings)).toEqual([]);
    await kubectl.run(['create', 'namespace', settings.systemNamespace]);
    await (await installChart(kubectl, settings))[Symbol.asyncDispose]();
    await kubectl.run(['delete', 'namespace', settings.systemNamespace]);
    expect(await allThere()).toEqual(before);

    const older = [{ op: 'remove', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/tags' }];
    await kubectl.run(['patch', 'crd', 'vditemplates.vdi.kasm.io', '--type=json', '-p', JSON.stringify(older)]);
    expect(await findLacks(kubectl, settings)).toEqual([
      expect.stringContaining('another definition of vditemplates.vdi.kasm.io: bring it up to date'),
    ]);
  });
});

describe('a log', () => {
  it.each([
    ['pods is forbidden: User "system:serviceaccount:a:b" cannot list resource "pods" in API group ""', true],
    ['{"level":50,"err":{"status":403,"reason":"Forbidden"},"msg":"Failed to reconcile, trying again"}', true],
    ['{"level":30,"user":"alice@example.com","msg":"Signed in"}', false],
    ['{"action":"session.get","allowed":false,"reason":"not the owner"}', false],
  ])('tells a right that is missing from anything else: %s', (line, isRefusal) => {
    expect(refusal.test(line)).toBe(isRefusal);
  });
});

/** The names of everything that an installation makes, wherever it is. */
async function allThere(): Promise<string> {
  const kinds =
    'namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,roles,deployments,secrets,storageclasses';
  return await kubectl.run(['get', kinds, '--all-namespaces', '--output=name']);
}
