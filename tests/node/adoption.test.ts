import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { builtinResources, createKubeClient, fetchFromKubeconfig, type KubeClient } from '@vdi/kube';
import { podmanSocket, stopAllPods } from '@vdi/solo/node';
import { createLogger } from '@vdi/telemetry';
import { importBusybox } from './busybox-image.ts';
import { aContainer, aPod, isReady, type PodObject, statusOf, untilStopped } from './pods.ts';
import { mountsBelow, namespace, removeState } from './test-node.ts';

const main = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
let stateDirectory: string;
let child: ChildProcess;

beforeEach(async () => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'vdi-adoption-'));
  child = await up();
  await importBusybox(engine());
});
afterEach(async () => {
  await end('SIGTERM');
  if (existsSync(stateDirectory))
    await stopAllPods({ stateDirectory, log: createLogger({ name: 'test', level: 'silent' }), graceSeconds: 0 });
  await removeState(stateDirectory);
});

/** `vdi up` in a process of its own, ready. */
async function up(): Promise<ChildProcess> {
  const args = [main, 'up', '--state-dir', stateDirectory, '--port', '0', '--engine', 'podman'];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: started.stdout });
  for await (const line of lines) if (line.startsWith('Ready at')) return started;
  throw new Error('vdi up ended before it was ready');
}

/** `vdi down`, as people type it. */
async function down(): Promise<void> {
  await promisify(execFile)(process.execPath, [main, 'down', '--state-dir', stateDirectory]);
}

async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

const engine = (): Docker => new Docker({ socketPath: podmanSocket(stateDirectory) });

async function connected<T>(act: (kube: KubeClient) => Promise<T>): Promise<T> {
  await using connection = await fetchFromKubeconfig(join(stateDirectory, 'kubeconfig'));
  return await act(createKubeClient(connection));
}

async function until(kube: KubeClient, name: string, isAsWanted: (pod: PodObject) => boolean): Promise<PodObject> {
  const options = { namespace, fieldSelector: `metadata.name=${name}`, signal: AbortSignal.timeout(60_000) };
  for await (const event of kube.watch(builtinResources.pods, options)) {
    if ('object' in event && isAsWanted(event.object as unknown as PodObject))
      return event.object as unknown as PodObject;
  }
  throw new Error(`Pod ${name} did not get there`);
}

const aServer = aContainer('main', untilStopped, {
  readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 },
});

describe('a process that is killed', () => {
  it('leaves its Pods running, and the next one goes on with them as they are', async () => {
    const before = await connected(async (kube) => {
      await kube.create(builtinResources.pods, aPod('lasting', { containers: [aServer] }));
      return await until(kube, 'lasting', isReady);
    });
    await end('SIGKILL');
    child = await up();
    await connected(async (kube) => {
      const after = await until(kube, 'lasting', isReady);
      const containerOf = (pod: PodObject): unknown => statusOf(pod, 'main');
      expect(containerOf(after)).toEqual(containerOf(before));
      const conditionsOf = ({ status }: PodObject): unknown => status?.conditions;
      expect(conditionsOf(after)).toEqual(conditionsOf(before));
      // It is ours again: it can be stopped, and nothing of it stays.
      await kube.delete(builtinResources.pods, { namespace, name: 'lasting' });
      await vi.waitFor(async () => expect((await kube.list(builtinResources.pods, { namespace })).items).toEqual([]), {
        timeout: 60_000,
        interval: 50,
      });
    });
  });

  it('notices what happened while nobody looked', async () => {
    const ids = await connected(async (kube) => {
      for (const name of ['ended', 'orphaned']) {
        await kube.create(builtinResources.pods, aPod(name, { containers: [aServer] }));
        await until(kube, name, isReady);
      }
      const { items } = await kube.list(builtinResources.pods, { namespace });
      return items.map(
        (pod) => statusOf(pod as unknown as PodObject, 'main')?.containerID?.replace('vdi://', '') ?? '',
      );
    });
    expect(ids).toHaveLength(2);
    await end('SIGKILL');
    await engine()
      .getContainer(ids[0] ?? '')
      .kill();
    child = await up();
    await connected(async (kube) => {
      const pod = await until(kube, 'ended', (found) => statusOf(found, 'main')?.restartCount === 1 && isReady(found));
      expect(statusOf(pod, 'main')?.lastState?.terminated?.exitCode).toBe(137);
    });
  });
});

/** A Pod whose two containers meet in memory, as display and desktop do, and that keeps a home. */
const aDesk = aPod('desk', {
  containers: [
    aContainer('desktop', `echo saved >> /home/file; ${untilStopped}`, {
      volumeMounts: [
        { name: 'shm', mountPath: '/dev/shm' },
        { name: 'home', mountPath: '/home' },
      ],
      readinessProbe: { exec: { command: ['test', '-e', '/dev/shm/frames'] }, periodSeconds: 1 },
    }),
    aContainer('display', `echo $HOSTNAME > /dev/shm/frames; ${untilStopped}`, {
      volumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
    }),
  ],
  volumes: [
    { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } },
    { name: 'home', persistentVolumeClaim: { claimName: 'home' } },
  ],
});

describe('vdi down with a live desktop', () => {
  it('leaves nothing running or mounted, and the next start goes on with the desktop and its home', async () => {
    const isMemory = (path: string): boolean => path.includes('/memory/');
    const idOf = (pod: PodObject): string => statusOf(pod, 'desktop')?.containerID?.replace('vdi://', '') ?? '';
    const before = await connected(async (kube) => {
      const spec = { accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '1Gi' } } };
      await kube.create(builtinResources.persistentVolumeClaims, { metadata: { name: 'home', namespace }, spec });
      await kube.create(builtinResources.pods, aDesk);
      return idOf(await until(kube, 'desk', isReady));
    });
    expect(mountsBelow(stateDirectory).filter(isMemory)).toHaveLength(1);

    await down();
    expect(mountsBelow(stateDirectory)).toEqual([]);

    child = await up();
    await connected(async (kube) => {
      const after = await until(kube, 'desk', (pod) => isReady(pod) && idOf(pod) !== before);
      expect(mountsBelow(stateDirectory).filter(isMemory)).toHaveLength(1);
      // Both containers have the same memory again, and the home has what was saved before.
      expect(await shell(idOf(after), 'cat /home/file /dev/shm/frames')).toBe('saved\nsaved\ndesk\n');
    });

    await down();
    rmSync(stateDirectory, { recursive: true });
  });
});

async function shell(id: string, command: string): Promise<string> {
  const exec = await engine()
    .getContainer(id)
    .exec({ Cmd: ['sh', '-c', command], AttachStdout: true, Tty: true });
  return (await text(await exec.start({ Tty: true }))).replaceAll('\r\n', '\n');
}

describe('the engine’s service', () => {
  it('may be killed: Pods go on, and later events are seen', async () => {
    await connected(async (kube) => {
      await kube.create(builtinResources.pods, aPod('steady', { containers: [aServer] }));
      const before = await until(kube, 'steady', isReady);
      killPodmanService(stateDirectory);
      const id = statusOf(before, 'main')?.containerID?.replace('vdi://', '') ?? '';
      await untilEngineAnswers();
      await engine().getContainer(id).kill();
      const after = await until(kube, 'steady', (pod) => statusOf(pod, 'main')?.restartCount === 1 && isReady(pod));
      expect(statusOf(after, 'main')?.containerID).not.toBe(`vdi://${id}`);
    });
  });
});

function killPodmanService(directory: string): void {
  const { pid } = JSON.parse(readFileSync(join(directory, 'engine/podman.json'), 'utf8')) as { readonly pid: number };
  process.kill(pid, 'SIGKILL');
}

/** Nobody tells when the service is back, so it is asked, for a while. */
async function untilEngineAnswers(): Promise<void> {
  await vi.waitFor(async () => await engine().ping(), { timeout: 60_000, interval: 50 });
}
