import type { Container, Pod } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { engineMessage } from '../engine/engine-error.ts';
import { allContainers } from '../objects/pod.ts';
import { ConfigError } from '../pod/config-error.ts';
import { needsPodIP } from '../pod/pod-field.ts';
import type { Waiting } from '../pod/pod-status.ts';
import { restartAfter } from '../pod/restart-back-off.ts';
import { VolumeError } from '../volumes/volume-error.ts';
import { ImageError, type LocalImage } from './image-store.ts';
import type { NodeContext } from './node-context.ts';
import type { PodContainers } from './pod-containers.ts';
import { ensureImage, optionsFor } from './pod-preparation.ts';
import { createSandbox, startSandbox } from './sandbox.ts';

export interface PodStarterOptions {
  readonly context: NodeContext;
  readonly log: Logger;
  readonly containers: PodContainers;
  /** Writes an event. */
  readonly note: (type: 'Normal' | 'Warning', reason: string, message: string, container?: Container) => void;
  /** Something could not be done now: come back then, or when it is time to try again. */
  readonly comeBack: (at: Date | 'later') => void;
}

/** Makes and starts what a Pod needs: images, volumes, network, sandbox, containers. */
export class PodStarter {
  readonly #options: PodStarterOptions;
  readonly #images = new Map<string, LocalImage>();
  #volumeFolders: Readonly<Record<string, string>> | undefined;
  /** Why containers do not run, by name. */
  readonly waiting = new Map<string, Waiting>();

  constructor(options: PodStarterOptions) {
    this.#options = options;
  }

  get hasVolumes(): boolean {
    return this.#volumeFolders !== undefined;
  }

  /** True when containers can be started. All that does not depend on one another happens at once. */
  async prepare(pod: Pod): Promise<boolean> {
    const { context, containers } = this.#options;
    if (containers.sandbox?.isRunning === true && this.hasVolumes) return true;
    const [folders, sandbox] = await Promise.all([
      this.#prepareVolumes(pod),
      containers.sandbox ?? createSandbox(pod, context),
      ...allContainers(pod).map((container) => this.#prepareImage(pod, container)),
    ]);
    containers.sandbox = sandbox;
    if (folders === undefined) return false;
    this.#volumeFolders = folders;
    const createEarly = needsPodIP(pod) ? [] : allContainers(pod).filter(({ name }) => this.#isFirstAttempt(name));
    const [started] = await Promise.all([
      sandbox.isRunning ? sandbox : startSandbox(sandbox, context),
      ...createEarly.map((container) => this.#create(pod, container)),
    ]);
    containers.sandbox = started;
    return true;
  }

  async start(pod: Pod, container: Container): Promise<void> {
    const { containers, note } = this.#options;
    if (!(await this.#create(pod, container))) return;
    const view = containers.latest(container.name);
    if (view === undefined) return;
    try {
      await containers.start(view.id);
      this.waiting.delete(container.name);
      note('Normal', 'Started', `Started container ${container.name}`, container);
    } catch (error) {
      await containers.remove(view.id);
      this.#waitWith(container, 'RunContainerError', error);
    }
  }

  #isFirstAttempt(name: string): boolean {
    return this.#images.has(name) && this.#options.containers.latest(name) === undefined;
  }

  async #prepareVolumes(pod: Pod): Promise<Readonly<Record<string, string>> | undefined> {
    const { context, note, comeBack } = this.#options;
    try {
      return await context.volumes.prepare(pod);
    } catch (error) {
      if (!(error instanceof VolumeError || error instanceof ConfigError)) throw error;
      const { message } = error;
      note('Warning', 'FailedMount', `MountVolume.SetUp failed: ${message}`);
      for (const { name } of allContainers(pod)) this.waiting.set(name, { reason: 'ContainerCreating', message });
      comeBack('later');
      return undefined;
    }
  }

  async #prepareImage(pod: Pod, container: Container): Promise<void> {
    const { context, note, comeBack } = this.#options;
    if (this.#images.has(container.name)) return;
    try {
      this.#images.set(container.name, await ensureImage(pod, container, context));
      this.waiting.delete(container.name);
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      this.waiting.set(container.name, { reason: error.reason, message: error.message });
      note('Warning', error.reason === 'ImagePullBackOff' ? 'BackOff' : 'Failed', error.message, container);
      comeBack(error.again);
    }
  }

  /** Makes the next attempt of a container. False when it cannot be made now; why is in its waiting reason. */
  async #create(pod: Pod, container: Container): Promise<boolean> {
    const { context, containers, note } = this.#options;
    if (!this.#images.has(container.name)) await this.#prepareImage(pod, container);
    const { sandbox } = containers;
    const volumeFolders = this.#volumeFolders;
    const image = this.#images.get(container.name);
    if (sandbox === undefined || volumeFolders === undefined || image === undefined) return false;
    const [latest, ...older] = containers.attempts(container.name);
    if (latest?.state === 'created') return true;
    const attempt =
      latest === undefined
        ? { attempt: 0, backOffSeconds: 0 }
        : { attempt: latest.attempt + 1, backOffSeconds: restartAfter(latest).nextBackOffSeconds };
    try {
      await containers.create(optionsFor(pod, container, context, { image, sandbox, volumeFolders, attempt }));
      note('Normal', 'Created', `Created container ${container.name}`, container);
    } catch (error) {
      this.#waitWith(
        container,
        error instanceof ConfigError ? 'CreateContainerConfigError' : 'CreateContainerError',
        error,
      );
      return false;
    }
    this.waiting.delete(container.name);
    // One is kept for `kubectl logs --previous`.
    for (const { id } of older) await containers.remove(id);
    return true;
  }

  #waitWith(container: Container, reason: string, error: unknown): void {
    const { note, comeBack, log } = this.#options;
    const message = engineMessage(error);
    log.warn({ container: container.name, reason: message }, 'Could not start a container');
    this.waiting.set(container.name, { reason, message });
    note('Warning', 'Failed', `Error: ${message}`, container);
    // The image may have been replaced or removed since.
    this.#images.delete(container.name);
    comeBack('later');
  }
}
