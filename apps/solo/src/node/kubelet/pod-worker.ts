import { type Container, hasEnded, isConflict, isNotFound, type Pod, typedResources } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { engineMessage } from '../engine/engine-error.ts';
import { allContainers, podKey, uidOf } from '../objects/pod.ts';
import { type ContainerSituation, planPod, willRestart } from '../pod/plan.ts';
import type { ObservedPod } from '../pod/pod-status.ts';
import { refusalOf } from '../pod/refusal.ts';
import { restartAfter } from '../pod/restart-back-off.ts';
import type { NodeContext } from './node-context.ts';
import { PodContainers } from './pod-containers.ts';
import { removePod, stopPod } from './pod-ending.ts';
import { PodLives } from './pod-lives.ts';
import { PodReporter } from './pod-reporter.ts';
import { PodStarter } from './pod-starter.ts';
import { httpEndpoint } from './sandbox.ts';

const firstRetryMs = 500;
const longestRetryMs = 60_000;
/** A Pod that the API no longer knows was deleted by force. */
const forcedGraceSeconds = 1;

/** The end of a Pod for a reason that is not its containers' own. */
type End = NonNullable<ObservedPod['end']>;

/**
 * Makes one Pod true: looks at what the Pod wants and what the engine has, does what is missing, writes the status, and
 * waits until something changes. One pass at a time; whatever fails is tried again later.
 */
export class PodWorker {
  readonly uid: string;
  readonly #context: NodeContext;
  readonly #log: Logger;
  readonly #containers: PodContainers;
  readonly #lives: PodLives;
  readonly #starter: PodStarter;
  readonly #reporter: PodReporter;
  readonly #onEnded: () => void;
  readonly #startTime: Date;
  #pod: Pod;
  #isInitialized: boolean;
  #end: End | undefined;
  #mustLook = true;
  #isGone = false;
  #isOver = false;
  #isDirty = true;
  #wakeUp: () => void = () => undefined;
  #timers = new Set<() => void>();
  #retryMs = firstRetryMs;
  readonly #done: Promise<void>;

  constructor(pod: Pod, context: NodeContext, onEnded: () => void) {
    this.uid = uidOf(pod);
    this.#pod = pod;
    this.#context = context;
    this.#onEnded = onEnded;
    const log = context.log.child({ pod: podKey(pod) });
    this.#log = log;
    const containers = new PodContainers(this.uid, context);
    this.#containers = containers;
    this.#lives = new PodLives({ context, log, containers, onChange: () => this.wake() });
    this.#starter = new PodStarter({
      context,
      log,
      containers,
      note: (...note) => this.#note(...note),
      comeBack: (at) => this.#wakeIn(at === 'later' ? this.#nextRetryMs() : this.#until(at)),
    });
    this.#reporter = new PodReporter(context);
    this.#startTime = new Date(pod.status?.startTime ?? context.clock.now());
    this.#isInitialized = hasCondition(pod, 'Initialized');
    this.#done = this.#run();
  }

  /** The Pod changed in the API; `isGone` when it is no longer there at all. */
  update(pod: Pod, isGone = false): void {
    const hasNewDeadline = this.#isEnding && this.#pod.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp;
    this.#pod = pod;
    this.#isGone ||= isGone;
    if (hasNewDeadline || isGone) this.#hurry();
    this.wake();
  }

  wake(): void {
    this.#isDirty = true;
    this.#wakeUp();
  }

  /** Something happened to a container of this Pod. */
  noteEvent(containerId: string): void {
    if (this.#isEnding || !this.#containers.has(containerId)) return;
    this.#containers
      .look(containerId)
      .catch((error: unknown) => {
        this.#mustLook = true;
        this.#log.warn({ reason: engineMessage(error) }, 'Could not look at a container');
      })
      .finally(() => this.wake());
  }

  /** Events may have been missed: look at everything again. */
  lookAgain(): void {
    this.#mustLook = true;
    this.wake();
  }

  /** A ConfigMap or Secret changed that volumes may be made of. */
  refreshFiles(): void {
    try {
      if (this.#starter.hasVolumes && !this.#isEnding) this.#context.volumes.refresh(this.#pod);
    } catch (error) {
      // What is mounted stays as it was, as on a kubelet.
      this.#log.warn({ reason: engineMessage(error) }, 'Could not bring a volume up to date');
    }
    this.wake();
  }

  /** Lets go of the Pod without touching its containers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.wake();
    await this.#done;
  }

  get #isEnding(): boolean {
    return this.#isGone || this.#pod.metadata.deletionTimestamp !== undefined;
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      this.#isDirty = false;
      this.#cancelTimers();
      try {
        await this.#pass();
      } catch (error) {
        this.#retryLater(error);
      }
      if (!this.#isDirty && !this.#isOver) await new Promise<void>((resolve) => (this.#wakeUp = resolve));
    }
    this.#cancelTimers();
    this.#lives[Symbol.dispose]();
  }

  async #pass(): Promise<void> {
    await this.#look();
    this.#lives.tend(this.#pod);
    if (this.#isEnding) return await this.#finish();
    if (hasEnded(this.#pod)) return await this.#rest();
    this.#end ??= this.#reasonToEnd();
    if (this.#end === undefined) await this.#advance();
    else await this.#stopAll(this.#graceSeconds());
    return await this.#report();
  }

  async #look(): Promise<void> {
    if (!this.#mustLook) return;
    await this.#containers.refresh();
    this.#mustLook = false;
  }

  /** What stands against running the Pod any longer. */
  #reasonToEnd(): End | undefined {
    const pod = this.#pod;
    const refusal = refusalOf(pod, this.#context.namespaceLabels(pod.metadata.namespace ?? ''));
    if (refusal !== undefined) {
      this.#note('Warning', refusal.reason, refusal.message);
      return { phase: 'Failed', ...refusal };
    }
    const { activeDeadlineSeconds } = pod.spec;
    if (activeDeadlineSeconds === undefined) return undefined;
    const left = this.#until(new Date(this.#startTime.getTime() + activeDeadlineSeconds * 1000));
    if (left > 0) {
      this.#wakeIn(left);
      return undefined;
    }
    const message = 'Pod was active on the node longer than the specified deadline';
    this.#note('Warning', 'DeadlineExceeded', message);
    return { phase: 'Failed', reason: 'DeadlineExceeded', message };
  }

  /** Does what is to be done now. */
  async #advance(): Promise<void> {
    const { sandbox } = this.#containers;
    // Its namespaces are gone, and with them the network of every container that joined them.
    if (sandbox?.isRunning !== true && this.#containers.all().some(({ state }) => state !== 'created')) {
      await this.#startOver();
    }
    if (!(await this.#starter.prepare(this.#pod))) return;
    const plan = planPod(this.#pod, { now: this.#context.clock.now(), of: (name) => this.#situation(name) });
    this.#isInitialized ||= plan.isInitialized;
    if (plan.outcome !== undefined) {
      await this.#stopAll(this.#graceSeconds());
      this.#end = { phase: plan.outcome };
      return;
    }
    this.#noteBackOffs();
    if (plan.again !== undefined) this.#wakeIn(this.#until(plan.again));
    if (plan.start.length === 0) return;
    await Promise.all(plan.start.map((container) => this.#starter.start(this.#pod, container)));
    this.#lives.tend(this.#pod);
    // A sidecar without hook and startup probe lets the next container start at once.
    if (plan.start.every(({ name }) => this.#situation(name).latest?.state === 'running')) {
      this.#retryMs = firstRetryMs;
      this.wake();
    }
  }

  #situation(name: string): ContainerSituation {
    const latest = this.#containers.latest(name);
    return { latest, isStarted: this.#lives.get(latest?.id)?.isStarted === true };
  }

  #noteBackOffs(): void {
    const now = this.#context.clock.now();
    for (const container of allContainers(this.#pod)) {
      const latest = this.#containers.latest(container.name);
      if (latest?.state !== 'exited' || !willRestart(this.#pod, container, latest.exitCode)) continue;
      const { at } = restartAfter(latest);
      if (at <= now) continue;
      const seconds = Math.round((at.getTime() - (latest.finishedAt ?? now).getTime()) / 1000);
      const message = `back-off ${seconds}s restarting failed container=${container.name} pod=${podKey(this.#pod)}`;
      const isNews = this.#starter.waiting.get(container.name)?.message !== message;
      if (isNews) this.#note('Warning', 'BackOff', message, container);
      this.#starter.waiting.set(container.name, { reason: 'CrashLoopBackOff', message });
    }
  }

  async #startOver(): Promise<void> {
    await this.#stopAll(0);
    const { sandbox } = this.#containers;
    for (const { id } of this.#containers.all()) await this.#containers.remove(id);
    if (sandbox !== undefined) await this.#containers.remove(sandbox.id);
    this.#containers.sandbox = undefined;
    this.#isInitialized = false;
    this.#note('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  }

  /** An ended Pod keeps its containers for their logs until it is deleted, but runs nothing. */
  async #rest(): Promise<void> {
    await this.#stopAll(0);
    const { sandbox } = this.#containers;
    if (sandbox?.isRunning === true) await this.#containers.stop(sandbox.id, 0);
    this.#context.claims.release(this.uid);
  }

  async #stopAll(graceSeconds: number): Promise<void> {
    await stopPod({
      pod: this.#pod,
      containers: this.#containers,
      lives: this.#lives,
      context: this.#context,
      graceSeconds,
    });
  }

  /** The Pod is being deleted: stop it in order, leave nothing behind, then let the API forget it. */
  async #finish(): Promise<void> {
    await this.#stopAll(this.#remainingGraceSeconds());
    if (!this.#isGone) await this.#report();
    await removePod(this.#pod, this.#containers, this.#context);
    if (!this.#isGone) await this.#deleteFromApi();
    this.#log.info({}, 'Removed Pod');
    this.#isOver = true;
    this.#onEnded();
  }

  async #deleteFromApi(): Promise<void> {
    const { namespace = '', name = '' } = this.#pod.metadata;
    try {
      await this.#context.kube.delete(
        typedResources.pods,
        { namespace, name },
        { uid: this.uid, gracePeriodSeconds: 0 },
      );
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** The time to stop became shorter while we stop. */
  #hurry(): void {
    this.#context.clock.after(Math.max(0, this.#remainingGraceSeconds()) * 1000, () => {
      for (const { id } of this.#containers.running()) void this.#killNow(id);
    });
  }

  async #killNow(id: string): Promise<void> {
    try {
      await this.#context.engine.docker.getContainer(id).kill({ signal: 'SIGKILL' });
    } catch (error) {
      // Most often it has ended in between; if it has not, the stop that is under way says so.
      this.#log.debug({ container: id, reason: engineMessage(error) }, 'Could not kill a container');
    }
  }

  #graceSeconds(): number {
    return this.#pod.spec.terminationGracePeriodSeconds ?? 30;
  }

  #remainingGraceSeconds(): number {
    const { deletionTimestamp } = this.#pod.metadata;
    if (this.#isGone || deletionTimestamp === undefined) return forcedGraceSeconds;
    return this.#until(new Date(deletionTimestamp)) / 1000;
  }

  async #report(): Promise<void> {
    const { sandbox } = this.#containers;
    const endpoint = sandbox?.isRunning === true ? httpEndpoint(this.#pod, sandbox) : undefined;
    await this.#reporter.report(this.#pod, this.#observed(), endpoint);
  }

  #observed(): ObservedPod {
    const { sandbox } = this.#containers;
    return {
      now: this.#context.clock.now(),
      startTime: this.#startTime,
      hostIP: this.#context.hostIP,
      podIP: sandbox?.isRunning === true ? sandbox.podIP : undefined,
      hasSandbox: sandbox?.isRunning === true,
      isInitialized: this.#isInitialized,
      end: this.#end,
      of: (name) => {
        const [latest, previous] = this.#containers.attempts(name);
        const life = this.#lives.get(latest?.id);
        return {
          latest,
          previous,
          isStarted: life?.isStarted ?? false,
          isReady: life?.isReady ?? false,
          waiting: this.#starter.waiting.get(name),
        };
      },
    };
  }

  #note(type: 'Normal' | 'Warning', reason: string, message: string, container?: Container): void {
    const fieldPath = container === undefined ? {} : { fieldPath: `spec.containers{${container.name}}` };
    this.#context.recorder.record(this.#pod, { type, reason, message, ...fieldPath });
  }

  #retryLater(error: unknown): void {
    const delayMs = this.#nextRetryMs();
    this.#log.warn({ err: error, retryMs: delayMs }, 'Could not bring a Pod up to date');
    this.#mustLook = true;
    this.#wakeIn(delayMs);
    if (!this.#isEnding) void this.#tellTrouble(engineMessage(error));
  }

  async #tellTrouble(message: string): Promise<void> {
    this.#note('Warning', 'FailedSync', `Error syncing pod: ${message}`);
    for (const { name } of allContainers(this.#pod)) {
      if (this.#containers.latest(name)?.state === 'running') continue;
      this.#starter.waiting.set(name, { reason: 'ContainerCreating', message });
    }
    try {
      await this.#report();
    } catch (error) {
      // The same trouble may keep us from telling; the next pass tells then.
      this.#log.debug({ err: error }, 'Could not report trouble');
    }
  }

  #nextRetryMs(): number {
    const delayMs = this.#retryMs;
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    return delayMs;
  }

  #until(moment: Date): number {
    return moment.getTime() - this.#context.clock.now().getTime();
  }

  #wakeIn(milliseconds: number): void {
    this.#timers.add(this.#context.clock.after(Math.max(0, milliseconds), () => this.wake()));
  }

  #cancelTimers(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}

function hasCondition({ status }: Pod, type: string): boolean {
  return status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
}
