import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { findProgram } from '../../tools/kubectl.ts';

/** What a program printed and how it ended. */
export interface ProgramResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Standalone mode as a process of its own in a fresh state directory, and a real kubectl that talks to it. */
export interface SoloProcess extends AsyncDisposable {
  readonly stateDirectory: string;
  readonly kubeconfig: string;
  /** Runs kubectl to its end; fails the test when it takes longer than a minute. */
  kubectl(args: readonly string[], options?: KubectlOptions): Promise<ProgramResult>;
  /** Like `kubectl`, but throws unless it succeeds, and returns what it printed. */
  kubectlOk(args: readonly string[], options?: KubectlOptions): Promise<string>;
  /** Starts a kubectl that watches, and returns when its watch is open: it sees whatever happens from then on. */
  startKubectl(args: readonly string[]): Promise<RunningKubectl>;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  start(): Promise<void>;
}

interface RunningKubectl {
  /** What it has printed so far. */
  readonly printed: () => string;
  /** All that it printed, when it has ended by itself. Rejects with what it complained of when it failed. */
  readonly output: Promise<string>;
  stop(): Promise<void>;
}

const main = resolve(import.meta.dirname, '../../apps/cli/src/main.ts');
const kubectlTimeoutMs = 60_000;

export async function startSoloProcess(): Promise<SoloProcess> {
  const root = mkdtempSync(join(tmpdir(), 'vdi-conformance-'));
  const stateDirectory = join(root, 'state');
  const kubeconfig = join(stateDirectory, 'kubeconfig');
  const program = findProgram('kubectl');
  // Nothing of the machine's user gets in, and kubectl's discovery cache lies in the directory that is removed.
  const env = { PATH: process.env['PATH'] ?? '', HOME: root, KUBECONFIG: kubeconfig };
  let child = await startChild(stateDirectory);

  const kubectl = (args: readonly string[], options: KubectlOptions = {}): Promise<ProgramResult> =>
    runProgram(program, args, { ...env, ...options.env }, options.stdin);

  return {
    stateDirectory,
    kubeconfig,
    kubectl,
    async kubectlOk(args, options) {
      const result = await kubectl(args, options);
      if (result.code !== 0)
        throw new Error(`kubectl ${args.join(' ')} ended with ${result.code}:\n${result.stderr}${result.stdout}`);
      return result.stdout;
    },
    startKubectl: (args) => startKubectl(program, args, env),
    stop: (signal) => stopChild(child, signal),
    async start() {
      child = await startChild(stateDirectory);
    },
    async [Symbol.asyncDispose]() {
      await stopChild(child, 'SIGTERM');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Starts `vdi up` and waits for the line in which it says that it is ready. */
async function startChild(stateDirectory: string): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [main, 'up', '--state-dir', stateDirectory, '--port', '0', '--engine', 'none'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('Ready at')) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`vdi up ended before it was ready:\n${errors}`);
}

async function stopChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

/** kubectl tells of its requests with `-v=6`, a watch as soon as the server has answered it. */
async function startKubectl(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<RunningKubectl> {
  const child = spawn(program, [...args, '-v=6'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: kubectlTimeoutMs,
  });
  let printed = '';
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const output = ended.then((code) => {
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${told}`);
    return printed;
  });
  // Whoever stops it does not ask for its output.
  output.catch(() => undefined);
  const isOpen = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      told += text;
      if (/watch=true.*200 OK/.test(told)) resolve();
    });
  });
  await Promise.race([
    isOpen,
    output.then((text) => Promise.reject(new Error(`kubectl ${args.join(' ')} did not watch: ${text}${told}`))),
  ]);
  return {
    printed: () => printed,
    output,
    async stop() {
      child.kill();
      await ended;
    },
  };
}

/** Runs a program to its end. */
export function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  stdin = '',
): Promise<ProgramResult> {
  return new Promise((settle) => {
    const child = execFile(
      program,
      args,
      { env, timeout: kubectlTimeoutMs, maxBuffer: 64 * 2 ** 20, encoding: 'utf8' },
      (error, stdout, stderr) => {
        settle({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      },
    );
    child.stdin?.end(stdin);
  });
}
