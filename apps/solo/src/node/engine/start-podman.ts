import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@vdi/api';
import type { Logger } from '@vdi/telemetry';
import Docker from 'dockerode';
import { readIfPresent, writePrivateFile } from '../../state/private-file.ts';
import { identifyProcess, isStillRunning, type ProcessIdentity } from '../../state/process-identity.ts';
import type { Engine } from './engine.ts';
import { type PodmanFolders, podmanFolders } from './podman-settings.ts';
import { podmanEnvironment, settlePodman } from './try-podman.ts';

const patienceMs = 15_000;
const pollMs = 10;
const firstRestartDelayMs = 100;
const longestRestartDelayMs = 30_000;
/** A service that ran so long had no trouble starting. */
const wellAfterMs = 60_000;

/**
 * Starts `podman system service` on a socket of ours and starts it again should it end. It is only a way to talk: every
 * container has its own conmon, which lives on when this process or the service is killed.
 */
export async function startPodman(options: {
  readonly podman: string;
  readonly stateDirectory: string;
  readonly log: Logger;
}): Promise<Engine> {
  const { podman, stateDirectory, log } = options;
  const uid = process.getuid?.() ?? 0;
  const folders = podmanFolders(stateDirectory, uid);
  mkdirSync(folders.root, { recursive: true, mode: 0o700 });
  mkdirSync(folders.runtime, { recursive: true, mode: 0o700 });
  await stopPodmanService(folders);
  const variant = await settlePodman(podman, folders);
  const service = new PodmanService(podman, folders, log);
  const docker = new Docker({ socketPath: folders.socket });
  try {
    await service.start();
    const { Version } = await docker.version();
    log.info({ version: Version, runtime: variant.runtime, rootless: uid !== 0 }, 'Started Podman');
    return {
      docker,
      flavour: 'podman',
      isRootless: uid !== 0,
      version: Version,
      restart: () => service.restart(),
      [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
    };
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
}

class PodmanService implements AsyncDisposable {
  readonly #podman: string;
  readonly #folders: PodmanFolders;
  readonly #log: Logger;
  #child: ChildProcess | undefined;
  #stopping = false;
  #restartDelayMs = firstRestartDelayMs;
  #startedAt = 0;

  constructor(podman: string, folders: PodmanFolders, log: Logger) {
    this.#podman = podman;
    this.#folders = folders;
    this.#log = log;
  }

  async start(): Promise<void> {
    const { socket, processRecord, root } = this.#folders;
    rmSync(socket, { force: true });
    this.#startedAt = performance.now();
    const output = openSync(join(root, 'podman.log'), 'a', 0o600);
    const child = spawn(this.#podman, ['system', 'service', '--time=0', `unix://${socket}`], {
      env: podmanEnvironment(this.#folders),
      // Not ended by the terminal's Ctrl-C: it is stopped in order, after the containers' owner.
      detached: true,
      cwd: '/',
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    this.#child = child;
    child.once('exit', (code, signal) => this.#onExit({ code, signal }));
    child.once('error', (error) => this.#log.error({ err: error }, 'Could not run podman'));
    const identity = identifyProcess(child.pid ?? 0);
    if (identity !== undefined) writePrivateFile(processRecord, JSON.stringify(identity));
    await this.#answers();
  }

  /** Ends the service by force; it is started again as whenever it ends. */
  async restart(): Promise<void> {
    this.#child?.kill('SIGKILL');
  }

  #onExit(facts: object): void {
    this.#child = undefined;
    if (this.#stopping) return;
    if (performance.now() - this.#startedAt > wellAfterMs) this.#restartDelayMs = firstRestartDelayMs;
    this.#log.warn({ ...facts, restartAfterMs: this.#restartDelayMs }, 'Lost the podman service');
    setTimeout(() => {
      if (this.#stopping) return;
      this.start().catch((error: unknown) => this.#log.error({ err: error }, 'Could not restart the podman service'));
    }, this.#restartDelayMs).unref();
    this.#restartDelayMs = Math.min(this.#restartDelayMs * 2, longestRestartDelayMs);
  }

  /** Podman tells nobody when its socket is ready, so it is asked. */
  async #answers(): Promise<void> {
    const docker = new Docker({ socketPath: this.#folders.socket });
    const lastMoment = performance.now() + patienceMs;
    for (;;) {
      try {
        await docker.ping();
        return;
      } catch (cause) {
        if (performance.now() > lastMoment || this.#child === undefined) throw this.#silent(cause);
      }
      await delay(pollMs);
    }
  }

  #silent(cause: unknown): UserError {
    return new UserError('EngineSilent', {
      what: 'Podman was started but does not answer',
      why: cause instanceof Error ? cause.message : String(cause),
      whatToDo: `Read ${join(this.#folders.root, 'podman.log')}`,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping = true;
    await stopPodmanService(this.#folders);
  }
}

/** Ends the service that the record names, ours or one left by a process that was killed. Containers go on. */
async function stopPodmanService(folders: PodmanFolders): Promise<void> {
  const record = readIfPresent(folders.processRecord);
  if (record === undefined) return;
  const identity = JSON.parse(record) as ProcessIdentity;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const lastMoment = performance.now() + 3_000;
    if (isStillRunning(identity)) process.kill(identity.pid, signal);
    while (isStillRunning(identity) && performance.now() < lastMoment) await delay(pollMs);
  }
  rmSync(folders.processRecord, { force: true });
}
