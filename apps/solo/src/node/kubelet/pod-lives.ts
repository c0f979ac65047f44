import type { Container, ContainerStatus, Pod } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { engineMessage } from '../engine/engine-error.ts';
import { allContainers } from '../objects/pod.ts';
import type { ContainerView } from '../pod/container-view.ts';
import { containerIdOf } from '../pod/pod-status.ts';
import { ContainerLife } from './container-life.ts';
import type { NodeContext } from './node-context.ts';
import type { PodContainers } from './pod-containers.ts';

export interface PodLivesOptions {
  readonly context: NodeContext;
  readonly log: Logger;
  readonly containers: PodContainers;
  readonly onChange: () => void;
}

/** The hooks and probes of the running containers of one Pod. */
export class PodLives implements Disposable {
  readonly #options: PodLivesOptions;
  readonly #lives = new Map<string, ContainerLife>();
  #hasLooked = false;

  constructor(options: PodLivesOptions) {
    this.#options = options;
  }

  /** By the engine's ID of the container. */
  get(id: string | undefined): ContainerLife | undefined {
    return id === undefined ? undefined : this.#lives.get(id);
  }

  /** Begins with containers that run now, and lets go of those that have ended. */
  tend(pod: Pod): void {
    const running = new Map(this.#options.containers.running().map((view) => [view.id, view]));
    for (const [id, life] of this.#lives) {
      if (running.has(id)) continue;
      life[Symbol.dispose]();
      this.#lives.delete(id);
    }
    const isFirstLook = !this.#hasLooked;
    this.#hasLooked = true;
    for (const view of running.values()) {
      const container = allContainers(pod).find(({ name }) => name === view.container);
      if (container === undefined || this.#lives.has(view.id)) continue;
      this.#lives.set(view.id, this.#begin(pod, container, view, isFirstLook));
    }
  }

  #begin(pod: Pod, container: Container, view: ContainerView, isFirstLook: boolean): ContainerLife {
    const told = isFirstLook ? toldStatus(pod, view) : undefined;
    return new ContainerLife({
      context: this.#options.context,
      pod,
      container,
      view,
      log: this.#options.log,
      dial: (port) => this.#dial(port),
      adopted: told === undefined ? undefined : { isStarted: told.started, isReady: told.ready },
      onChange: this.#options.onChange,
      onUnhealthy: (message) => void this.#end(pod, container, view.id, message),
    });
  }

  #dial(port: number): { readonly host: string; readonly port: number } | undefined {
    const { containers, context } = this.#options;
    const { sandbox } = containers;
    if (sandbox === undefined) return undefined;
    if (!context.engine.isRootless && sandbox.podIP !== undefined) return { host: sandbox.podIP, port };
    const published = sandbox.published[`${port}/tcp`];
    return published === undefined ? undefined : { host: '127.0.0.1', port: published };
  }

  /** Ends a container whose probe or hook failed; its restart is then the plan's business. */
  async #end(pod: Pod, container: Container, id: string, message: string): Promise<void> {
    const { context, containers, log, onChange } = this.#options;
    const fieldPath = `spec.containers{${container.name}}`;
    context.recorder.record(pod, { type: 'Normal', reason: 'Killing', message, fieldPath });
    try {
      const graceSeconds =
        container.livenessProbe?.terminationGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
      await this.#lives.get(id)?.runPreStop(graceSeconds * 1000);
      await containers.stop(id, graceSeconds);
    } catch (error) {
      log.warn({ container: container.name, reason: engineMessage(error) }, 'Could not stop a container');
    }
    onChange();
  }

  [Symbol.dispose](): void {
    for (const life of this.#lives.values()) life[Symbol.dispose]();
  }
}

/** What the API was told of this very container before. */
function toldStatus({ status }: Pod, view: ContainerView): ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {};
  return [...initContainerStatuses, ...containerStatuses].find(
    ({ containerID }) => containerID === containerIdOf(view),
  );
}
