import type { Container, Pod, Probe } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { ContainerView } from '../pod/container-view.ts';
import { ContainerProbes } from '../probes/container-probes.ts';
import type { ProbeKind } from '../probes/probe-schedule.ts';
import { type HandlerTarget, runHandler } from '../probes/run-handler.ts';
import type { NodeContext } from './node-context.ts';

/** Upper bound of a hook: it ends with the container at the latest. */
const longestHookMs = 3_600_000;

export interface ContainerLifeOptions {
  readonly context: NodeContext;
  readonly pod: Pod;
  readonly container: Container;
  readonly view: ContainerView;
  readonly log: Logger;
  readonly dial: HandlerTarget['dial'];
  /** Found running after a restart of this process: what was true then is taken as true now. */
  readonly adopted: { readonly isStarted: boolean; readonly isReady: boolean } | undefined;
  readonly onChange: () => void;
  /** The container must be ended, because a hook or probe failed. */
  readonly onUnhealthy: (message: string) => void;
}

/** One running container from its start to its end: its postStart hook, then its probes. */
export class ContainerLife implements Disposable {
  readonly #options: ContainerLifeOptions;
  readonly #target: HandlerTarget;
  readonly #probes: ContainerProbes;
  #hookIsDone: boolean;
  #isOver = false;

  constructor(options: ContainerLifeOptions) {
    this.#options = options;
    const { context, container, view, adopted } = options;
    this.#hookIsDone = adopted?.isStarted === true || container.lifecycle?.postStart === undefined;
    this.#target = { docker: context.engine.docker, containerId: view.id, container, dial: options.dial };
    this.#probes = new ContainerProbes({
      clock: context.clock,
      probes: probesOf(container),
      startedAt: view.startedAt ?? context.clock.now(),
      wasStarted: adopted?.isStarted ?? false,
      wasReady: adopted?.isReady ?? false,
      run: (probe) => runHandler(probe, this.#target, (probe.timeoutSeconds ?? 1) * 1000),
      onChange: () => options.onChange(),
      onFailure: (kind, message) => this.#noteUnhealthy(kind, message),
      onUnhealthy: (kind) => options.onUnhealthy(`Container ${container.name} failed ${kind} probe, will be restarted`),
    });
    void this.#begin();
  }

  get isStarted(): boolean {
    return this.#hookIsDone && this.#probes.isStarted;
  }

  get isReady(): boolean {
    return this.isStarted && this.#probes.isReady;
  }

  async #begin(): Promise<void> {
    const { container, onChange, onUnhealthy } = this.#options;
    const hook = container.lifecycle?.postStart;
    if (hook !== undefined && !this.#hookIsDone) {
      const { ok, message } = await runHandler(hook, this.#target, longestHookMs);
      if (this.#isOver) return;
      if (!ok) {
        this.#note('FailedPostStartHook', `PostStartHook failed: ${message}`);
        onUnhealthy(`FailedPostStartHook: ${message}`);
        return;
      }
      this.#hookIsDone = true;
      onChange();
    }
    this.#probes.start();
  }

  /** The preStop hook, if there is one; bounded by what is left of the grace period. */
  async runPreStop(timeoutMs: number): Promise<void> {
    const hook = this.#options.container.lifecycle?.preStop;
    if (hook === undefined) return;
    const { ok, message } = await runHandler(hook, this.#target, timeoutMs);
    if (!ok) this.#note('FailedPreStopHook', `PreStopHook failed: ${message}`);
  }

  #noteUnhealthy(kind: ProbeKind, message: string): void {
    const name = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
    this.#note('Unhealthy', `${name} probe failed: ${message}`);
  }

  #note(reason: string, message: string): void {
    const { context, pod, container } = this.#options;
    const fieldPath = `spec.containers{${container.name}}`;
    context.recorder.record(pod, { type: 'Warning', reason, message, fieldPath });
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#probes[Symbol.dispose]();
  }
}

function probesOf({ startupProbe, livenessProbe, readinessProbe }: Container): Partial<Record<ProbeKind, Probe>> {
  return {
    ...(startupProbe === undefined ? {} : { startup: startupProbe }),
    ...(livenessProbe === undefined ? {} : { liveness: livenessProbe }),
    ...(readinessProbe === undefined ? {} : { readiness: readinessProbe }),
  };
}
