import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { podmanSocket } from '@vdi/solo/node';
import { builtinResources } from '@vdi/kube';
import { type Standalone, startStandalone } from '@vdi/testing/desktops';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../tools/kubectl.ts';
import { importBusybox } from './busybox-image.ts';
import { aContainer, aPod, isReady, type PodObject, untilStopped } from './pods.ts';
import { namespace } from './test-node.ts';

const kubectl = findProgram('kubectl');
const patienceMs = 60_000;
let standalone: Standalone;

beforeAll(async () => {
  standalone = await startStandalone();
  await importBusybox(new Docker({ socketPath: podmanSocket(standalone.stateDirectory) }));
  const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 1 };
  const containers = [aContainer('main', untilStopped, { readinessProbe }), aContainer('waiting', 'true')];
  await standalone.kube.create(builtinResources.pods, aPod('desk', { containers, restartPolicy: 'OnFailure' }));
  await untilPod((pod) => pod.status?.containerStatuses?.some(({ ready }) => ready) === true || isReady(pod));
});
afterAll(() => standalone[Symbol.asyncDispose]());

async function untilPod(isAsWanted: (pod: PodObject) => boolean): Promise<void> {
  const options = { namespace, fieldSelector: 'metadata.name=desk', signal: AbortSignal.timeout(patienceMs) };
  for await (const event of standalone.kube.watch(builtinResources.pods, options)) {
    if ('object' in event && isAsWanted(event.object as unknown as PodObject)) return;
  }
  throw new Error('The Pod did not get there');
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, KUBECONFIG: standalone.kubeconfig });
const execInDesk = (container = 'main'): readonly string[] => ['exec', '-n', namespace, 'desk', '-c', container];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl to its end. */
async function run(args: readonly string[], stdin?: Buffer): Promise<Ended> {
  const child = spawn(kubectl, args, { env: environment(), timeout: patienceMs });
  child.stdin.end(stdin);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await ended) as [number | null];
  return { code, stdout, stderr };
}

describe('kubectl exec', () => {
  it('runs a program, tells its two outputs apart, and ends as it ended', async () => {
    const ended = await run([...execInDesk(), '--', 'sh', '-c', 'echo said; echo complained >&2; exit 3']);
    expect(ended).toEqual({
      code: 3,
      stdout: 'said\n',
      stderr: 'complained\ncommand terminated with exit code 3\n',
    });
    expect((await run([...execInDesk(), '--', 'true'])).code).toBe(0);
  });

  it('hands on what comes in, its end included, and all that comes out', async () => {
    const lines = Buffer.alloc(4 * 2 ** 20, 'a line of eight\n');
    const counted = await run([...execInDesk(), '-i', '--', 'wc', '-c'], lines);
    expect([counted.code, counted.stdout.trim()]).toEqual([0, String(lines.length)]);
    const echoed = await run([...execInDesk(), '-i', '--', 'cat'], lines);
    expect(echoed.stdout.length).toBe(lines.length);
    expect(echoed.stdout === lines.toString()).toBe(true);
  });

  it('gives a terminal of the size of the one it is typed in', async () => {
    // script(1) gives kubectl a terminal.
    const command = `stty rows 33 cols 101; ${kubectl} ${[...execInDesk(), '-it', '--', 'sh'].join(' ')}`;
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], { env: environment() });
    const output = await typed(child, [
      // The size follows the start, so that it may come after the prompt.
      ['$ ', 'until stty size | grep -q "^33 101"; do sleep 0.1; done; tty\r'],
      ['/dev/pts/', 'exit 5\r'],
    ]);
    expect(output).toContain('/dev/pts/');
    expect(child.exitCode).toBe(5);
  });

  it('says why it cannot', async () => {
    const missing = await run([...execInDesk(), '--', 'no-such-program']);
    expect([missing.code, missing.stderr]).toEqual([127, expect.stringContaining('no-such-program') as string]);
    const stopped = await run([...execInDesk('waiting'), '--', 'true']);
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('container not found') as string]);
    const nobody = await run([...execInDesk('nobody'), '--', 'true']);
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('nobody') as string]);
  });
});

/** Types each line when what it waits for has been printed since the one before; returns all that was printed. */
async function typed(child: ChildProcess, lines: readonly (readonly [string, string])[]): Promise<string> {
  const waiting = [...lines];
  let printed = '';
  let sinceTyped = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
    sinceTyped += chunk.toString();
    const [next] = waiting;
    if (next === undefined || !sinceTyped.includes(next[0])) return;
    waiting.shift();
    sinceTyped = '';
    child.stdin?.write(next[1]);
  });
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(patienceMs) });
  } finally {
    child.kill();
  }
  return printed;
}
