import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { isMissing, isUnchanged } from '../engine/engine-error.ts';
import { ranOutOfMemory } from '../engine/out-of-memory.ts';
import { engineLabels } from '../pod/container-labels.ts';
import { type ContainerView, containerView } from '../pod/container-view.ts';
import type { NodeContext } from './node-context.ts';
import { type Sandbox, sandboxOf } from './sandbox.ts';

/** The containers of one Pod in the engine, and what was last seen of them. */
export class PodContainers {
  readonly #uid: string;
  readonly #context: NodeContext;
  readonly #views = new Map<string, ContainerView>();
  sandbox: Sandbox | undefined;

  constructor(uid: string, context: NodeContext) {
    this.#uid = uid;
    this.#context = context;
  }

  /** Asks the engine for everything that bears the Pod's UID. */
  async refresh(): Promise<void> {
    const { docker } = this.#context.engine;
    const label = [`${engineLabels.podUid}=${this.#uid}`, `${engineLabels.owner}=${this.#context.owner}`];
    const found = await docker.listContainers({ all: true, filters: { label } });
    const infos = await Promise.all(found.map(({ Id }) => this.#inspect(Id)));
    this.#views.clear();
    this.sandbox = undefined;
    for (const info of infos) if (info !== undefined) this.#note(info);
  }

  /** Looks at one container again, because something happened to it. */
  async look(id: string): Promise<void> {
    const info = await this.#inspect(id);
    if (info !== undefined) {
      this.#note(info);
      return;
    }
    this.#views.delete(id);
    if (this.sandbox?.id === id) this.sandbox = undefined;
  }

  has(id: string): boolean {
    return this.#views.has(id) || this.sandbox?.id === id;
  }

  /** The latest attempt first. */
  attempts(container: string): readonly ContainerView[] {
    return [...this.#views.values()]
      .filter((view) => view.container === container)
      .sort((one, other) => other.attempt - one.attempt);
  }

  latest(container: string): ContainerView | undefined {
    return this.attempts(container)[0];
  }

  running(): readonly ContainerView[] {
    return [...this.#views.values()].filter(({ state }) => state === 'running');
  }

  all(): readonly ContainerView[] {
    return [...this.#views.values()];
  }

  async create(options: ContainerCreateOptions): Promise<void> {
    const { id } = await this.#context.engine.docker.createContainer(options);
    const labels = options.Labels ?? {};
    this.#views.set(id, {
      id,
      container: labels[engineLabels.container],
      attempt: Number(labels[engineLabels.attempt]),
      backOffSeconds: Number(labels[engineLabels.backOffSeconds]),
      state: 'created',
      imageId: options.Image ?? '',
      startedAt: undefined,
      finishedAt: undefined,
      exitCode: 0,
      wasOutOfMemory: false,
    });
  }

  async start(id: string): Promise<void> {
    try {
      await this.#context.engine.docker.getContainer(id).start();
    } catch (error) {
      if (!isUnchanged(error)) throw error;
    }
    await this.look(id);
  }

  /** Asks it to end, by force after `graceSeconds`. Returns when it has ended. */
  async stop(id: string, graceSeconds: number): Promise<void> {
    const container = this.#context.engine.docker.getContainer(id);
    try {
      if (graceSeconds <= 0) await container.kill({ signal: 'SIGKILL' });
      else await container.stop({ t: Math.ceil(graceSeconds) });
      // Killing returns before the end.
      if (graceSeconds <= 0) await container.wait();
    } catch (error) {
      // It ended by itself in between, or somebody removed it.
      const hasEnded = isUnchanged(error) || isMissing(error) || (await this.#hasEnded(id));
      if (!hasEnded) throw error;
    }
    await this.look(id);
  }

  async remove(id: string): Promise<void> {
    try {
      await this.#context.engine.docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    this.#views.delete(id);
  }

  async #hasEnded(id: string): Promise<boolean> {
    return (await this.#inspect(id))?.State.Running !== true;
  }

  async #inspect(id: string): Promise<ContainerInspectInfo | undefined> {
    try {
      const info = await this.#context.engine.docker.getContainer(id).inspect();
      const { Running, ExitCode, OOMKilled } = info.State;
      const mayHaveStarved = !Running && ExitCode !== 0 && !OOMKilled && (info.HostConfig.Memory ?? 0) > 0;
      if (!mayHaveStarved || !(await ranOutOfMemory(id))) return info;
      return { ...info, State: { ...info.State, OOMKilled: true } };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  #note(info: ContainerInspectInfo): void {
    const view = containerView(info);
    if (view.container === undefined) this.sandbox = sandboxOf(info);
    else this.#views.set(view.id, view);
  }
}
