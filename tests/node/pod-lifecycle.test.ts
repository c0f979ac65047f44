import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aContainer, aPod, asSession, isReady, statusOf, untilStopped, waitsFor } from './pods.ts';
import { mountsBelow, startTestNode, type TestNode } from './test-node.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startTestNode();
});
afterAll(async () => await node[Symbol.asyncDispose]());

/** Tells in a shared file when it starts and stops. */
const noisy = (name: string, more: object = {}): object =>
  aContainer(
    name,
    `echo ${name} started >> /log/events; trap "echo ${name} stopped >> /log/events; exit 0" TERM; touch /log/${name}; while :; do sleep 0.05; done`,
    { volumeMounts: [{ name: 'log', mountPath: '/log' }], ...more },
  );

describe('a Pod with sidecars', () => {
  it('starts them in order, each after the one before it is up, and stops them in reverse after the others', async () => {
    const postStart = {
      exec: {
        command: ['sh', '-c', 'while [ ! -e /log/first ]; do sleep 0.01; done; echo first hooked >> /log/events'],
      },
    };
    const startupProbe = { exec: { command: ['test', '-e', '/log/second'] } };
    await node.create(
      aPod('ordered', {
        initContainers: [
          noisy('first', { restartPolicy: 'Always', lifecycle: { postStart } }),
          noisy('second', { restartPolicy: 'Always', startupProbe }),
          aContainer('once', 'echo once >> /log/events', { volumeMounts: [{ name: 'log', mountPath: '/log' }] }),
        ],
        containers: [noisy('main')],
        volumes: [{ name: 'log', persistentVolumeClaim: { claimName: 'ordered' } }],
      }),
    );
    await node.kube.create(
      { group: '', version: 'v1', plural: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', namespaced: true },
      {
        metadata: { name: 'ordered', namespace: 'vdi-sessions' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      } as never,
    );
    const pod = await node.until('ordered', isReady, 'ready');
    expect(statusOf(pod, 'once')?.state.terminated).toMatchObject({ exitCode: 0, reason: 'Completed' });
    expect(statusOf(pod, 'first')).toMatchObject({ ready: true, started: true });
    const started = await node.shell('ordered', 'main', 'cat /log/events');
    expect(started.trim().split('\n')).toEqual([
      'first started',
      'first hooked',
      'second started',
      'once',
      'main started',
    ]);

    const [home = ''] = readdirSync(join(node.stateDirectory, 'homes')).filter((name) => name.includes('_ordered_'));
    await node.remove('ordered');
    const { readFileSync } = await import('node:fs');
    const log = readFileSync(join(node.stateDirectory, 'homes', home, 'events'), 'utf8')
      .trim()
      .split('\n');
    expect(log.slice(-3)).toEqual(['main stopped', 'second stopped', 'first stopped']);
  });

  it('shares network and IPC between containers, but not processes', async () => {
    await node.create(
      aPod('shared', {
        containers: [
          aContainer('server', 'echo hello > /tmp/index.html; httpd -p 8080 -h /tmp; ' + untilStopped, {
            volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
          }),
          aContainer('client'),
        ],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      }),
    );
    await node.until('shared', isReady, 'ready');
    expect(
      await node.shell('shared', 'client', 'until wget -qO- http://127.0.0.1:8080/; do sleep 0.05; done'),
    ).toContain('hello');
    expect(await node.shell('shared', 'client', 'hostname')).toBe('shared\n');
    expect(await node.shell('shared', 'client', 'ps')).not.toContain('httpd');
    const ipc = (container: string): Promise<string> => node.shell('shared', container, 'readlink /proc/self/ns/ipc');
    expect(await ipc('client')).toBe(await ipc('server'));
    await node.remove('shared');
  });
});

describe('the end of containers', () => {
  it('is followed by a restart, then by back-off, and keeps the last log', async () => {
    await node.create(aPod('crashing', { containers: [aContainer('main', 'echo attempt; exit 3')] }));
    const pod = await node.until('crashing', (pod) => waitsFor(pod, 'main') === 'CrashLoopBackOff', 'in back-off');
    expect(statusOf(pod, 'main')).toMatchObject({
      restartCount: 1,
      ready: false,
      lastState: { terminated: { exitCode: 3, reason: 'Error' } },
    });
    expect(await node.logs('crashing', 'main')).toBe('attempt\n');
    expect(await node.logs('crashing', 'main', { previous: true })).toBe('attempt\n');
    await node.untilEvents('crashing', ['BackOff']);
    await node.remove('crashing');
  });

  it('is the end of a Pod that is not to be restarted, sidecars included', async () => {
    const spec = {
      restartPolicy: 'Never',
      initContainers: [aContainer('sidecar', untilStopped, { restartPolicy: 'Always' })],
      containers: [aContainer('main', 'exit 0')],
    };
    await node.create(aPod('done', spec));
    const pod = await node.until('done', ({ status }) => status?.phase === 'Succeeded', 'succeeded');
    expect(statusOf(pod, 'sidecar')?.state.terminated).toBeDefined();
    await node.create(aPod('failed', { ...spec, containers: [aContainer('main', 'exit 7')] }));
    const failed = await node.until('failed', ({ status }) => status?.phase === 'Failed', 'failed');
    expect(statusOf(failed, 'main')?.state.terminated).toMatchObject({ exitCode: 7, reason: 'Error' });
    await node.remove('done');
    await node.remove('failed');
  });

  it('says when memory ran out', async () => {
    const resources = { limits: { memory: '16Mi' } };
    const eat = aContainer('main', 'tail /dev/zero', { resources });
    await node.create(aPod('hungry', { restartPolicy: 'Never', containers: [eat] }));
    const pod = await node.until('hungry', ({ status }) => status?.phase === 'Failed', 'failed');
    expect(statusOf(pod, 'main')?.state.terminated?.reason).toBe('OOMKilled');
    await node.remove('hungry');
  });

  it('comes when a liveness probe fails, and when the deadline is over', async () => {
    const livenessProbe = { exec: { command: ['test', '!', '-e', '/tmp/ill'] }, periodSeconds: 1, failureThreshold: 1 };
    const volumes = { volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] };
    await node.create(
      aPod('probed', {
        containers: [aContainer('main', untilStopped, { livenessProbe, ...volumes })],
        volumes: [{ name: 'tmp', emptyDir: {} }],
      }),
    );
    await node.until('probed', isReady, 'ready');
    await node.shell('probed', 'main', 'touch /tmp/ill');
    await node.until('probed', (pod) => (statusOf(pod, 'main')?.restartCount ?? 0) > 0, 'restarted');
    await node.untilEvents('probed', ['Unhealthy', 'Killing']);
    await node.remove('probed');

    await node.create(aPod('late', { activeDeadlineSeconds: 1 }));
    const late = await node.until('late', ({ status }) => status?.phase === 'Failed', 'failed');
    expect(late.status).toMatchObject({ reason: 'DeadlineExceeded' });
    await node.remove('late');
  });
});

describe('a removed Pod', () => {
  it('leaves no container, network, mount, folder or address rule behind', async () => {
    const { docker } = node.node.engine;
    await node.create(
      aPod(
        'traceless',
        {
          containers: [
            aContainer('main', untilStopped, {
              ports: [{ name: 'http', containerPort: 8080 }],
              volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
            }),
          ],
          volumes: [{ name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } }],
        },
        asSession('traceless'),
      ),
    );
    const pod = await node.until('traceless', isReady, 'ready');
    const uid = pod.metadata.uid ?? '';
    expect(mountsBelow(join(node.stateDirectory, 'pods')).length).toBe(1);
    expect(await docker.listNetworks({ filters: { label: [`vdi.kasm.io/pod-uid=${uid}`] } })).toHaveLength(1);
    await node.remove('traceless');
    const label = [`vdi.kasm.io/pod-uid=${uid}`];
    expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
    expect(await docker.listNetworks({ filters: { label } })).toEqual([]);
    expect(mountsBelow(join(node.stateDirectory, 'pods'))).toEqual([]);
    expect(existsSync(join(node.stateDirectory, 'pods', uid))).toBe(false);
    const { execFileSync } = await import('node:child_process');
    expect(execFileSync('iptables-save', { encoding: 'utf8' })).not.toContain(pod.status?.podIP);
  });
});
