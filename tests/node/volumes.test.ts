import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtinResources } from '@vdi/kube';
import { aContainer, aPod, isReady, statusOf, untilStopped, waitsFor } from './pods.ts';
import { namespace, startTestNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(async () => await node[Symbol.asyncDispose]());

const claim = async (name: string): Promise<void> => {
  const spec = { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '1Gi' } } };
  await node.kube.create(builtinResources.persistentVolumeClaims, { metadata: { name, namespace }, spec });
};

const home = (name: string): object => ({
  containers: [aContainer('main', untilStopped, { volumeMounts: [{ name: 'home', mountPath: '/home/user' }] })],
  volumes: [{ name: 'home', persistentVolumeClaim: { claimName: name } }],
});

describe('files made of API objects', () => {
  it('are readable by the Pod’s user, mounted whole or one by one, and replaced at once when they change', async () => {
    const configMap = {
      metadata: { name: 'settings', namespace },
      data: { colour: 'blue', passwd: 'user:x:1000:1000::/:/bin/sh\n' },
    };
    await node.kube.create(builtinResources.configMaps, configMap);
    const secret = { metadata: { name: 'keys', namespace }, data: { key: Buffer.from('s3cret').toString('base64') } };
    await node.kube.create(builtinResources.secrets, secret);
    await node.create(
      aPod(
        'files',
        {
          containers: [
            aContainer('main', untilStopped, {
              env: [
                { name: 'COLOUR', valueFrom: { configMapKeyRef: { name: 'settings', key: 'colour' } } },
                { name: 'PHRASE', value: 'it is $(COLOUR), $$(COLOUR)' },
                { name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
                { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
              ],
              envFrom: [{ prefix: 'S_', secretRef: { name: 'keys' } }],
              resources: { limits: { memory: '64Mi', cpu: '500m' } },
              volumeMounts: [
                { name: 'all', mountPath: '/all' },
                { name: 'settings', mountPath: '/etc/passwd', subPath: 'passwd' },
              ],
            }),
          ],
          volumes: [
            { name: 'settings', configMap: { name: 'settings' } },
            {
              name: 'all',
              projected: {
                defaultMode: 0o400,
                sources: [
                  { configMap: { name: 'settings', items: [{ key: 'colour', path: 'deep/colour' }] } },
                  { secret: { name: 'keys' } },
                  { downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
                ],
              },
            },
          ],
        },
        { labels: { team: 'red' } },
      ),
    );
    const pod = await node.until('files', isReady, 'ready');
    const run = (command: string): Promise<string> => node.shell('files', 'main', command);
    expect(await run('cat /all/deep/colour /all/key /all/labels')).toBe('blues3cretteam="red"');
    expect(await run('cat /etc/passwd')).toBe('user:x:1000:1000::/:/bin/sh\n');
    expect(await run('echo "$PHRASE $ME $IP $MEMORY $S_key"')).toBe(
      `it is blue, $(COLOUR) files ${pod.status?.podIP} 64 s3cret\n`,
    );
    const value = { data: { colour: 'green' } };
    await node.kube.patch(builtinResources.configMaps, { namespace, name: 'settings' }, { type: 'merge', value });
    expect(await run('until grep -q green /all/deep/colour; do sleep 0.02; done; cat /all/deep/colour')).toBe('green');
    await node.remove('files');
  });

  it('are waited for, with a message that names what is missing', async () => {
    await node.create(aPod('early', { volumes: [{ name: 'v', configMap: { name: 'later' } }] }));
    const pod = await node.until(
      'early',
      (pod) => waitsFor(pod, 'main') === 'ContainerCreating' && JSON.stringify(pod.status).includes('later'),
      'waiting',
    );
    expect(statusOf(pod, 'main')?.state.waiting?.message).toContain('configmap "later" not found');
    await node.kube.create(builtinResources.configMaps, { metadata: { name: 'later', namespace }, data: {} });
    await node.until('early', isReady, 'ready');
    await node.remove('early');
  });
});

describe('a volume in memory', () => {
  it('is shared by the containers and no larger than its limit', async () => {
    const volumeMounts = [{ name: 'shm', mountPath: '/dev/shm' }];
    await node.create(
      aPod('memory', {
        containers: [
          aContainer('one', untilStopped, { volumeMounts }),
          aContainer('two', untilStopped, { volumeMounts }),
        ],
        volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '4Mi' } }],
      }),
    );
    await node.until('memory', isReady, 'ready');
    await node.shell('memory', 'one', 'echo shared > /dev/shm/note');
    expect(await node.shell('memory', 'two', 'cat /dev/shm/note')).toBe('shared\n');
    expect(await node.shell('memory', 'two', 'dd if=/dev/zero of=/dev/shm/big bs=1M count=8')).toContain(
      'No space left',
    );
    await node.remove('memory');
  });
});

describe('a home', () => {
  it('is bound when first used, has one writer at a time, and stays when Pod and claim are gone', async () => {
    await claim('alice');
    await node.create(aPod('first', home('alice')));
    await node.until('first', isReady, 'ready');
    await node.shell('first', 'main', 'echo mine > /home/user/note');

    await node.create(aPod('second', home('alice')));
    const waiting = await node.until('second', (pod) => JSON.stringify(pod.status).includes('in use'), 'waiting');
    expect(statusOf(waiting, 'main')?.state.waiting?.message).toContain('in use by Pod "vdi-sessions/first"');
    await node.remove('first');
    await node.until('second', isReady, 'ready');
    expect(await node.shell('second', 'main', 'cat /home/user/note')).toBe('mine\n');
    await node.remove('second');

    const bound = await node.kube.get(builtinResources.persistentVolumeClaims, { namespace, name: 'alice' });
    expect(bound).toMatchObject({ status: { phase: 'Bound' } });
    await node.kube.delete(builtinResources.persistentVolumeClaims, { namespace, name: 'alice' });
    expect(readdirSync(join(node.stateDirectory, 'homes')).some((name) => name.includes('_alice_'))).toBe(true);
  });

  it('is not lent to a later claim of the same name', async () => {
    await claim('alice');
    await node.create(aPod('stranger', home('alice')));
    await node.until('stranger', isReady, 'ready');
    expect(await node.shell('stranger', 'main', 'ls -A /home/user')).toBe('');
    await node.remove('stranger');
  });
});

describe('the media port', () => {
  it('is published where the Pod is told', async () => {
    const ports = [{ name: 'media', containerPort: 50_000, protocol: 'UDP' }];
    const echo = {
      ...aContainer('main', '', { ports }),
      command: [
        'perl',
        '-MSocket',
        '-e',
        'socket(S,PF_INET,SOCK_DGRAM,17); bind(S,sockaddr_in(50000,INADDR_ANY)); while ($f=recv(S,$m,99,0)) {send(S,$m,0,$f)}',
      ],
    };
    await node.create(
      aPod(
        'media',
        { containers: [echo], terminationGracePeriodSeconds: 0 },
        { annotations: { 'vdi.kasm.io/media-port': '50000' } },
      ),
    );
    await node.until('media', isReady, 'ready');
    const [host, port] = (await node.shell('media', 'main', 'echo $VDI_MEDIA_ADDRESSES')).trim().split(':');
    expect(host).toBe('127.0.0.1');
    const socket = createSocket('udp4');
    // Until the program has opened its port nobody answers.
    const asking = setInterval(() => socket.send('ping', Number(port), host), 50);
    try {
      const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(60_000) })) as [Buffer];
      expect(answer.toString()).toBe('ping');
    } finally {
      clearInterval(asking);
      socket.close();
    }
    await node.remove('media');
  });
});
