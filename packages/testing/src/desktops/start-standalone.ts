import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createKubeClient, fetchFromKubeconfig, type KubeClient } from '@vdi/kube';
import { eventually } from './eventually.ts';
import { call, lastLines } from './evidence.ts';
import { freePort } from './free-port.ts';
import { leftoversOf } from './leftovers.ts';
import { runCommand } from './run-command.ts';
import { testCacheHome } from './test-cache.ts';

/** Standalone mode with a real container engine and our images, as a process of its own in a fresh state directory. */
export interface Standalone extends AsyncDisposable {
  readonly stateDirectory: string;
  readonly kubeconfig: string;
  readonly kube: KubeClient;
  /** Where the dashboard is: `http://localhost:9000`. */
  readonly address: string;
  /** Of the process that is everything but the desktops. */
  readonly pid: number;
  /** The password that its first start gave somebody. @throws Error when none was printed */
  firstPassword(user: string): string;
  /** `SIGKILL` is a crash: containers stay. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** Containers of its engine, whatever their state. */
  containers(): Promise<readonly EngineContainer[]>;
}

interface EngineContainer {
  readonly name: string;
  /** 0 when it does not run. */
  readonly pid: number;
}

export interface StandaloneOptions {
  /** Ends a start that is under way; what it left is tidied up before the promise rejects. */
  readonly signal?: AbortSignal;
  /** Keeps a Ctrl-C at the terminal from reaching it: the caller stops it in good order. */
  readonly isDetached?: boolean;
}

interface Started {
  readonly child: ChildProcess;
  /** What it printed until it was ready: the addresses, and at the first start the passwords. */
  readonly greeting: string;
}

const main = resolve(import.meta.dirname, '../../../../apps/cli/src/main.ts');

/** @throws Error with what it printed when it ends before it is ready */
export async function startStandalone(options: StandaloneOptions = {}): Promise<Standalone> {
  const root = mkdtempSync(join(tmpdir(), 'vdi-e2e-'));
  const stateDirectory = join(root, 'state');
  const kubeconfig = join(stateDirectory, 'kubeconfig');
  const tidyUp = async (): Promise<void> => {
    // `down` also ends a desktop that a killed process left behind.
    await runCommand(process.execPath, [main, 'down', '--state-dir', stateDirectory], { withinMs: 120_000 });
    // Processes take a moment to end; what stays longer has been forgotten, and would outlive every run.
    await eventually(
      () => leftoversOf(root),
      (leftovers) => leftovers.length === 0,
      { what: 'The end of everything that vdi down stops' },
    );
    for (const folder of [engineRuntimeFolder(stateDirectory), root]) {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    }
  };
  // The same after a restart: pages of before find it there.
  const port = await freePort();
  const first = await startChild(stateDirectory, port, options).catch(async (error: unknown) => {
    await tidyUp();
    throw error;
  });
  let started = first;
  let connection = await fetchFromKubeconfig(kubeconfig);
  const client = (): KubeClient => createKubeClient({ ...connection, fieldManager: 'end-to-end-test' });
  let kube = client();
  return {
    stateDirectory,
    kubeconfig,
    get kube() {
      return kube;
    },
    get address() {
      return found(/Ready at\s+(\S+)/.exec(started.greeting), 'No address');
    },
    get pid() {
      return started.child.pid ?? 0;
    },
    firstPassword: (user) =>
      found(
        new RegExp(`${user.replaceAll('.', String.raw`\.`)} with the password (\\S+)`).exec(first.greeting),
        `No password for ${user}`,
      ),
    stop: (signal) => stopChild(started.child, signal),
    async start() {
      started = await startChild(stateDirectory, port, options);
      await connection[Symbol.asyncDispose]();
      connection = await fetchFromKubeconfig(kubeconfig);
      kube = client();
    },
    containers: () => containersOf(stateDirectory),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await stopChild(started.child, 'SIGTERM');
      await tidyUp();
    },
  };
}

/** Sockets and locks of its engine, which lie outside of the state directory. Undefined before it had an engine. */
function engineRuntimeFolder(stateDirectory: string): string | undefined {
  const settings = join(stateDirectory, 'engine/storage.conf');
  if (!existsSync(settings)) return undefined;
  return /^runroot = "(.+\/vdi-[0-9a-f]+)\/storage"$/m.exec(readFileSync(settings, 'utf8'))?.[1];
}

function found(match: RegExpExecArray | null, what: string): string {
  if (match?.[1] === undefined) throw new Error(`${what} was printed`);
  return match[1];
}

async function startChild(stateDirectory: string, port: number, options: StandaloneOptions): Promise<Started> {
  options.signal?.throwIfAborted();
  const child = spawn(process.execPath, [main, 'up', '--state-dir', stateDirectory, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: testCacheHome },
    detached: options.isDetached === true,
  });
  const stop = (): boolean => child.kill('SIGTERM');
  options.signal?.addEventListener('abort', stop, { once: true });
  let errors = '';
  let greeting = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const witness = call({ name: `vdi up, process ${child.pid}`, testify: () => lastLines(errors) });
  child.once('exit', () => witness[Symbol.dispose]());
  for await (const line of createInterface(child.stdout)) {
    greeting += `${line}\n`;
    if (line.startsWith('Kubeconfig:')) {
      options.signal?.removeEventListener('abort', stop);
      child.stdout.resume();
      return { child, greeting };
    }
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  options.signal?.throwIfAborted();
  throw new Error(`vdi up ended before it was ready:\n${greeting}${errors}`);
}

async function stopChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

const podmanEnvironment = (stateDirectory: string): NodeJS.ProcessEnv => ({
  ...process.env,
  CONTAINERS_CONF: join(stateDirectory, 'engine/containers.conf'),
  CONTAINERS_STORAGE_CONF: join(stateDirectory, 'engine/storage.conf'),
});

async function containersOf(stateDirectory: string): Promise<readonly EngineContainer[]> {
  const { stdout } = await runCommand('podman', ['ps', '--all', '--format', '{{.Pid}} {{.Names}}'], {
    env: podmanEnvironment(stateDirectory),
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [pid = '0', name = ''] = line.split(' ');
      return { name, pid: Number(pid) };
    });
}
