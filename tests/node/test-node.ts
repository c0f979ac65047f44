import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createApiServer, createMemoryLog } from '@vdi/apiserver';
import { builtinResources, createKubeClient, type KubeClient } from '@vdi/kube';
import { type Node, podmanSocket, startNode, stopAllPods } from '@vdi/solo/node';
import { createLogger } from '@vdi/telemetry';
import { expect, vi } from 'vitest';
import { importBusybox } from './busybox-image.ts';
import type { PodObject } from './pods.ts';

/** An API and a node with a real Podman in a fresh directory. */
export interface TestNode extends AsyncDisposable {
  readonly kube: KubeClient;
  readonly node: Node;
  readonly stateDirectory: string;
  create(pod: PodObject): Promise<void>;
  /** The Pod as soon as it is as wanted; fails with its status when that takes too long. */
  until(name: string, isAsWanted: (pod: PodObject) => boolean, what: string): Promise<PodObject>;
  /** Deletes a Pod and waits until the API has forgotten it. */
  remove(name: string): Promise<void>;
  logs(name: string, container: string, options?: { readonly previous?: boolean }): Promise<string>;
  /** Waits until there are events with these reasons about an object: they come some time after what they tell of. */
  untilEvents(name: string, reasons: readonly string[]): Promise<void>;
  /** Runs a shell command in a container and returns what it printed. */
  shell(name: string, container: string, command: string): Promise<string>;
}

export const namespace = 'vdi-sessions';
const patienceMs = 60_000;

export async function startTestNode(): Promise<TestNode> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'vdi-node-'));
  const logger = createLogger({
    name: 'test-node',
    level: process.env['VDI_TEST_LOG'] === undefined ? 'silent' : 'debug',
  });
  const log = createMemoryLog();
  let node: Node | undefined;
  const server = createApiServer({
    log,
    logger,
    authenticate: () => ({ name: 'test', groups: ['system:masters'] }),
    podLogs: async (query) => (await node?.podLogs(query)) ?? new Response(null, { status: 503 }),
  });
  const kube = createKubeClient({
    baseUrl: 'https://test',
    fetch: (url, init) => server.fetch(new Request(url, init)),
  });
  await kube.create(builtinResources.namespaces, { metadata: { name: namespace } });
  node = await startNode({ kube, stateDirectory, log: logger, engine: 'podman' });
  await importBusybox(node.engine.docker);
  const running = node;
  return {
    kube,
    node: running,
    stateDirectory,
    create: async (pod) => void (await kube.create(builtinResources.pods, pod)),
    until: (name, isAsWanted, what) => untilPod(kube, name, isAsWanted, what),
    async remove(name) {
      await kube.delete(builtinResources.pods, { namespace, name });
      await untilGone(kube, name);
    },
    async logs(name, container, options = {}) {
      return await new Response(await kube.podLog({ namespace, name }, { container, ...options })).text();
    },
    async untilEvents(name, reasons) {
      const seen = async (): Promise<unknown[]> => {
        const fieldSelector = `involvedObject.name=${name}`;
        const { items } = await kube.list(builtinResources.events, { namespace, fieldSelector });
        return items.map((event) => event['reason']);
      };
      await expect.poll(seen, { timeout: patienceMs }).toEqual(expect.arrayContaining([...reasons]));
    },
    shell: (name, container, command) => shellIn(running, { name, container, command }),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await stopAllPods({ stateDirectory, log: logger, graceSeconds: 0 });
      await server[Symbol.asyncDispose]();
      log[Symbol.dispose]();
      await removeState(stateDirectory);
    },
  };
}

/** Watches, so that it neither sleeps nor misses a state that lasts for a moment. */
async function untilPod(
  kube: KubeClient,
  name: string,
  isAsWanted: (pod: PodObject) => boolean,
  what: string,
): Promise<PodObject> {
  const signal = AbortSignal.timeout(patienceMs);
  let last: PodObject | undefined;
  try {
    const options = { namespace, fieldSelector: `metadata.name=${name}`, signal };
    for await (const event of kube.watch(builtinResources.pods, options)) {
      if (event.type !== 'ADDED' && event.type !== 'MODIFIED') continue;
      last = event.object as unknown as PodObject;
      if (isAsWanted(last)) return last;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  throw new Error(`Pod ${name} did not come to be ${what}: ${JSON.stringify(last?.status, undefined, 1)}`);
}

async function untilGone(kube: KubeClient, name: string): Promise<void> {
  const { items, resourceVersion } = await kube.list(builtinResources.pods, {
    namespace,
    fieldSelector: `metadata.name=${name}`,
  });
  if (items.length === 0) return;
  const options = {
    namespace,
    resourceVersion,
    fieldSelector: `metadata.name=${name}`,
    signal: AbortSignal.timeout(patienceMs),
  };
  for await (const event of kube.watch(builtinResources.pods, options)) if (event.type === 'DELETED') return;
}

async function shellIn(
  { engine }: Node,
  { name, container, command }: { readonly name: string; readonly container: string; readonly command: string },
): Promise<string> {
  const label = [`vdi.kasm.io/pod-name=${name}`, `vdi.kasm.io/container=${container}`];
  const [found] = await engine.docker.listContainers({ filters: { label } });
  if (found === undefined) throw new Error(`Container ${container} of Pod ${name} does not run`);
  const exec = await engine.docker
    .getContainer(found.Id)
    .exec({ Cmd: ['sh', '-c', `${command} 2>&1`], AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await exec.start({ Tty: true });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString().replaceAll('\r\n', '\n');
}

/** What is mounted below a folder now. */
export function mountsBelow(folder: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
}

/** Podman leaves the layers of images mounted, and cleans up after containers a moment after they have ended. */
export async function removeState(stateDirectory: string): Promise<void> {
  const folders = [stateDirectory, dirname(podmanSocket(stateDirectory))];
  const remove = (): void => {
    for (const path of folders.flatMap(mountsBelow).toReversed()) execFileSync('umount', ['--lazy', path]);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  await vi.waitFor(remove, { timeout: patienceMs, interval: 100 });
}
