import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { KubeObject } from '@vdi/kube';
import { findProgram } from '../../tools/kubectl.ts';

export interface CommandOutcome {
  /** Of the process; -1 when it was killed because it took too long. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  /** What it reads from `-f -`. */
  readonly input?: string;
  readonly withinMs?: number;
}

/** The real kubectl (or the one that `VDI_CLUSTER_KUBECTL` names) against one cluster. */
export interface Kubectl {
  /** Runs to the end, whatever that is. */
  try(args: readonly string[], options?: RunOptions): Promise<CommandOutcome>;
  /** Standard output; throws with all that was printed unless it succeeds. */
  run(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Applies objects. */
  apply(...objects: readonly object[]): Promise<void>;
  get<T extends KubeObject = KubeObject>(args: readonly string[]): Promise<T>;
  list<T extends KubeObject = KubeObject>(args: readonly string[]): Promise<readonly T[]>;
  /** Forwards a free port of 127.0.0.1 to a port of a Pod, Service or Deployment. */
  forward(namespace: string, target: string, port: number): Promise<PortForward>;
}

interface PortForward extends AsyncDisposable {
  readonly port: number;
}

const usualPatienceMs = 60_000;

export function kubectlFor(kubeconfig: string): Kubectl {
  const program = process.env['VDI_CLUSTER_KUBECTL'] ?? findProgram('kubectl');
  const attempt: Kubectl['try'] = async (args, options = {}) => await runProgram(program, args, kubeconfig, options);
  const run: Kubectl['run'] = async (args, options) => {
    const { status, stdout, stderr } = await attempt(args, options);
    if (status === 0) return stdout;
    throw new Error(`kubectl ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`);
  };
  return {
    try: attempt,
    run,
    async apply(...objects) {
      await run(['apply', '-f', '-'], { input: objects.map((object) => JSON.stringify(object)).join('\n---\n') });
    },
    async get<T extends KubeObject>(args: readonly string[]) {
      return JSON.parse(await run(['get', ...args, '--output=json'])) as T;
    },
    async list<T extends KubeObject>(args: readonly string[]) {
      return (JSON.parse(await run(['get', ...args, '--output=json'])) as { readonly items: readonly T[] }).items;
    },
    forward: async (namespace, target, port) =>
      await startForward(
        spawnKubectl(program, kubeconfig, ['port-forward', '-n', namespace, target, `:${port}`]),
        target,
      ),
  };
}

/** Runs kubectl or helm to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  kubeconfig: string,
  { input, withinMs = usualPatienceMs }: RunOptions = {},
): Promise<CommandOutcome> {
  const child = Promise.withResolvers<CommandOutcome>();
  const options = { env: environmentFor(kubeconfig), timeout: withinMs, maxBuffer: 64 * 2 ** 20 };
  const running = execFile(program, [...args], options, (error, stdout, stderr) => {
    const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
    const late = error?.killed === true ? `Killed: it took longer than ${withinMs / 1_000} s\n` : '';
    child.resolve({ status, stdout, stderr: `${late}${stderr}` });
  });
  // Whoever ends without reading all of it says why on standard error.
  running.stdin?.on('error', () => undefined);
  running.stdin?.end(input ?? '');
  return await child.promise;
}

function environmentFor(kubeconfig: string): NodeJS.ProcessEnv {
  return { ...process.env, KUBECONFIG: kubeconfig };
}

function spawnKubectl(program: string, kubeconfig: string, args: readonly string[]): ChildProcess {
  return spawn(program, [...args], { env: environmentFor(kubeconfig), stdio: ['ignore', 'pipe', 'pipe'] });
}

/** kubectl says which port it took once it listens. */
async function startForward(child: ChildProcess, target: string): Promise<PortForward> {
  let errors = '';
  child.stderr?.on('data', (chunk) => (errors += String(chunk)));
  for await (const line of createInterface({ input: child.stdout! })) {
    const port = Number(/^Forwarding from 127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? 0);
    if (port === 0) continue;
    child.stdout?.resume();
    return {
      port,
      async [Symbol.asyncDispose]() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error(`kubectl port-forward to ${target} ended before it listened:\n${errors}`);
}
