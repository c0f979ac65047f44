import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createKubeClient, fetchFromKubeconfig, type KubeClient } from '@vdi/kube';
import { runCommand } from './run-command.ts';
import { testCacheHome } from '../test-cache.ts';

/** Standalone mode with a real container engine and our images, as a process of its own in a fresh state directory. */
export interface Standalone extends AsyncDisposable {
  readonly stateDirectory: string;
  readonly kubeconfig: string;
  readonly kube: KubeClient;
  /** What it printed until it was ready: the addresses, and at the first start the passwords. */
  readonly greeting: () => string;
  /** `SIGKILL` is a crash: containers stay. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
  /** Containers of its engine, whatever their state. */
  containers(): Promise<readonly string[]>;
}

const main = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');

export async function startStandalone(): Promise<Standalone> {
  const root = mkdtempSync(join(tmpdir(), 'vdi-e2e-'));
  const stateDirectory = join(root, 'state');
  const kubeconfig = join(stateDirectory, 'kubeconfig');
  let started = await startChild(stateDirectory);
  let connection = await fetchFromKubeconfig(kubeconfig);
  const client = (): KubeClient => createKubeClient({ ...connection, fieldManager: 'end-to-end-test' });
  let kube = client();
  return {
    stateDirectory,
    kubeconfig,
    get kube() {
      return kube;
    },
    greeting: () => started.greeting,
    stop: (signal) => stopChild(started.child, signal),
    async start() {
      started = await startChild(stateDirectory);
      await connection[Symbol.asyncDispose]();
      connection = await fetchFromKubeconfig(kubeconfig);
      kube = client();
    },
    containers: () => containersOf(stateDirectory),
    async [Symbol.asyncDispose]() {
      await connection[Symbol.asyncDispose]();
      await stopChild(started.child, 'SIGTERM');
      // `down` also ends a desktop that a killed process left behind.
      await runCommand(process.execPath, [main, 'down', '--state-dir', stateDirectory], { withinMs: 60_000 });
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function startChild(
  stateDirectory: string,
): Promise<{ readonly child: ChildProcess; readonly greeting: string }> {
  const child = spawn(process.execPath, [main, 'up', '--state-dir', stateDirectory, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: testCacheHome },
  });
  let errors = '';
  let greeting = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  for await (const line of createInterface(child.stdout)) {
    greeting += `${line}\n`;
    if (line.startsWith('Kubeconfig:')) {
      child.stdout.resume();
      return { child, greeting };
    }
  }
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

async function containersOf(stateDirectory: string): Promise<readonly string[]> {
  const { stdout } = await runCommand('podman', ['ps', '--all', '--format', '{{.Names}}'], {
    env: podmanEnvironment(stateDirectory),
  });
  return stdout.split('\n').filter((name) => name !== '');
}
