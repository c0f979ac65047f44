import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinResources, type KubeResource, type UntypedObject } from '@vdi/kube';
import { aContainer, aPod, isReady, untilStopped, waitsFor } from './pods.ts';
import { namespace, startTestNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(async () => await node[Symbol.asyncDispose]());

const endpoints: KubeResource<UntypedObject> = {
  group: '',
  version: 'v1',
  plural: 'endpoints',
  kind: 'Endpoints',
  namespaced: true,
};

describe('the node', () => {
  it('says what it has and that it is well', async () => {
    const found = await node.kube.get(builtinResources.nodes, { name: node.node.name });
    expect(found).toMatchObject({ status: { capacity: { pods: '110' }, nodeInfo: { operatingSystem: 'linux' } } });
    const { conditions } = found['status'] as {
      readonly conditions: readonly { readonly type: string; readonly status: string }[];
    };
    expect(conditions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'Ready', status: 'True' }),
        expect.objectContaining({ type: 'NetworkIsolated', status: 'True' }),
      ]),
    );
  });
});

describe('scheduling', () => {
  it('says why a Pod fits nowhere, and takes it as soon as it fits', async () => {
    const greedy = { containers: [aContainer('main', untilStopped, { resources: { requests: { cpu: '900' } } })] };
    await node.create(aPod('greedy', greedy));
    const pod = await node.until('greedy', ({ status }) => status?.conditions?.[0]?.status === 'False', 'refused');
    expect(pod.status?.conditions?.[0]).toMatchObject({
      type: 'PodScheduled',
      reason: 'Unschedulable',
      message: '0/1 nodes are available: 1 Insufficient cpu.',
    });
    await node.remove('greedy');

    await node.create(aPod('picky', { nodeSelector: { disk: 'fast' } }));
    await node.until('picky', ({ status }) => status?.conditions?.[0]?.status === 'False', 'refused');
    const value = { metadata: { labels: { disk: 'fast' } } };
    await node.kube.patch(builtinResources.nodes, { name: node.node.name }, { type: 'merge', value });
    await node.until('picky', isReady, 'ready');
    await node.remove('picky');
  });
});

describe('images', () => {
  it('that are built here are never pulled, and the message says how to build them', async () => {
    await node.create(
      aPod('unbuilt', { containers: [{ ...aContainer('main'), image: 'localhost/vdi/display:latest' }] }),
    );
    const pod = await node.until('unbuilt', (pod) => waitsFor(pod, 'main') === 'ErrImageNeverPull', 'waiting');
    expect(JSON.stringify(pod.status)).toContain('vdi images build');
    await node.remove('unbuilt');
  });

  it('that cannot be pulled are tried again later', async () => {
    await node.create(aPod('remote', { containers: [{ ...aContainer('main'), image: '127.0.0.1:1/nothing:1' }] }));
    await node.until(
      'remote',
      (pod) => ['ErrImagePull', 'ImagePullBackOff'].includes(waitsFor(pod, 'main') ?? ''),
      'waiting',
    );
    await node.untilEvents('remote', ['Failed']);
    await node.remove('remote');
  });
});

describe('a Service', () => {
  it('leads to the Pods that are ready, and to no others', async () => {
    await node.kube.create(builtinResources.services, {
      metadata: { name: 'web', namespace },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
    });
    const readinessProbe = { exec: { command: ['test', '-e', '/tmp/ready'] }, periodSeconds: 1 };
    const main = aContainer('main', untilStopped, {
      readinessProbe,
      ports: [{ name: 'http', containerPort: 8080 }],
      volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    });
    await node.create(
      aPod('web', { containers: [main], volumes: [{ name: 'tmp', emptyDir: {} }] }, { labels: { app: 'web' } }),
    );
    const subset = async (field: string): Promise<unknown> => {
      for await (const event of node.kube.watch(endpoints, { namespace, signal: AbortSignal.timeout(60_000) })) {
        if (!('object' in event)) continue;
        const [first] = event.object['subsets'] as readonly Readonly<Record<string, readonly object[]>>[];
        if (first?.[field] !== undefined) return { ports: first['ports'], address: first[field][0] };
      }
      throw new Error(`The endpoints never had ${field}`);
    };
    expect(await subset('notReadyAddresses')).toMatchObject({ ports: [{ port: 8080 }] });
    await node.shell('web', 'main', 'touch /tmp/ready');
    const pod = await node.until('web', isReady, 'ready');
    expect(await subset('addresses')).toMatchObject({ address: { ip: pod.status?.podIP, targetRef: { name: 'web' } } });
    await node.remove('web');
  });
});

describe('the logs of a container', () => {
  it('are followed until it ends', async () => {
    await node.create(
      aPod('talking', {
        restartPolicy: 'Never',
        containers: [
          aContainer('main', 'echo line 1; until [ -e /tmp/go ]; do sleep 0.02; done; echo line 2; echo line 3', {
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          }),
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      }),
    );
    await node.until('talking', ({ status }) => status?.phase === 'Running', 'running');
    const stream = await node.kube.podLog({ namespace, name: 'talking' }, { follow: true });
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('line 1\n');
    await node.shell('talking', 'main', 'touch /tmp/go');
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) rest += part.value;
    expect(rest).toBe('line 2\nline 3\n');
    const tail = await node.kube.podLog({ namespace, name: 'talking' }, { tailLines: 1, timestamps: true });
    expect(await new Response(tail).text()).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z line 3\n$/);
    await node.remove('talking');
  });
});
