import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinResources } from '@vdi/kube';
import { busyboxImage } from './busybox-image.ts';
import { aContainer, aPod, asSession, isReady, untilStopped, waitsFor } from './pods.ts';
import { startTestNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(async () => await node[Symbol.asyncDispose]());

describe('a hardened container', () => {
  it('can write to its volumes and nowhere else, and has no privilege left', async () => {
    await node.create(
      aPod('hard', {
        containers: [aContainer('main', untilStopped, { volumeMounts: [{ name: 'data', mountPath: '/run/data' }] })],
        volumes: [{ name: 'data', emptyDir: {} }],
      }),
    );
    await node.until('hard', isReady, 'ready');
    const probe = 'for d in / /tmp /run /var/tmp /etc /dev /home /run/data; do touch $d/x 2>/dev/null && echo $d; done';
    // The engine's own /dev/shm is the Pod's IPC namespace: Kubernetes has it too.
    expect((await node.shell('hard', 'main', probe)).trim().split('\n')).toEqual(['/run/data']);
    const status = await node.shell('hard', 'main', 'cat /proc/self/status');
    expect(status).toMatch(/CapEff:\s0+\n/);
    expect(status).toMatch(/CapBnd:\s0+\n/);
    expect(status).toMatch(/NoNewPrivs:\s1/);
    expect(status).toMatch(/Seccomp:\s2/);
    expect(await node.shell('hard', 'main', 'id')).toMatch(/^uid=1000\S* gid=1000\S* groups=1000/);
    await node.remove('hard');
  });
});

describe('a Pod that asks for too much', () => {
  it.each([
    ['a folder of the host', { volumes: [{ name: 'host', hostPath: { path: '/' } }] }, /hostPath/],
    ['the network of the host', { hostNetwork: true }, /hostNetwork/],
    [
      'a privileged container',
      { containers: [{ ...aContainer('main'), securityContext: { privileged: true } }] },
      /kubectl label namespace/,
    ],
  ])('is refused with what to do: %s', async (_, spec, message) => {
    await node.create(aPod('greedy', spec));
    const { status } = await node.until('greedy', ({ status }) => status?.phase === 'Failed', 'refused');
    expect(status).toMatchObject({ reason: 'NodeRefused', message: expect.stringMatching(message) as string });
    await node.remove('greedy');
  });

  it('is told that it would run as root', async () => {
    await node.create(aPod('rooted', { securityContext: { runAsNonRoot: true } }));
    const pod = await node.until('rooted', (pod) => waitsFor(pod, 'main') === 'CreateContainerConfigError', 'refused');
    expect(JSON.stringify(pod.status)).toContain('runAsNonRoot');
    await node.remove('rooted');
  });

  it('may be privileged where an administrator allows it', async () => {
    await node.kube.create(builtinResources.namespaces, {
      metadata: { name: 'trusted', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
    });
    const pod = aPod('free', {
      containers: [
        { name: 'main', image: busyboxImage, command: ['sleep', '1000'], securityContext: { privileged: true } },
      ],
      securityContext: {},
    });
    await node.kube.create(builtinResources.pods, { ...pod, metadata: { name: 'free', namespace: 'trusted' } });
    for await (const event of node.kube.watch(builtinResources.pods, {
      namespace: 'trusted',
      signal: AbortSignal.timeout(60_000),
    })) {
      if ('object' in event && isReady(event.object as never)) break;
    }
    await node.kube.delete(builtinResources.pods, { namespace: 'trusted', name: 'free' }, { gracePeriodSeconds: 0 });
  });
});

describe('two sessions', () => {
  it('reach neither each other nor services of the machine, while the machine reaches both', async () => {
    const serve = aContainer('main', 'httpd -p 8080 -h /bin; ' + untilStopped, {
      ports: [{ name: 'http', containerPort: 8080 }],
      readinessProbe: { exec: { command: ['sh', '-c', 'nc -w 2 127.0.0.1 8080 < /dev/null'] }, periodSeconds: 1 },
    });
    const names = ['alice', 'bob'];
    for (const name of names) await node.create(aPod(name, { containers: [serve] }, asSession(name)));
    const [alice, bob] = await Promise.all(names.map((name) => node.until(name, isReady, 'ready')));
    const dial = (host: string | undefined, port: number): Promise<string> =>
      node.shell('alice', 'main', `nc -w 2 ${host} ${port} < /dev/null && echo reached || echo closed`);
    expect(await dial('127.0.0.1', 8080)).toContain('reached');
    expect(await dial(bob?.status?.podIP, 8080)).toContain('closed');

    const service = createServer((socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\n')).listen(0, '0.0.0.0');
    await once(service, 'listening');
    const { port } = service.address() as AddressInfo;
    const gateway = (await node.shell('alice', 'main', "ip route | grep default | cut -d' ' -f3")).trim();
    expect(gateway).toMatch(/^10\./);
    expect(await dial(gateway, port)).toContain('closed');
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
    service.close();

    for (const pod of [alice, bob]) {
      const endpoint = pod?.metadata.annotations?.['vdi.kasm.io/endpoint'];
      expect((await fetch(`http://${endpoint}/busybox`)).status).toBe(200);
    }
    for (const name of names) await node.remove(name);
  });
});
