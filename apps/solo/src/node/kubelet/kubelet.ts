import type { Reflector } from '@vdi/controller';
import { type ConfigMap, hasEnded, type KubeObject, type Pod, type Secret } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { engineMessage, isMissing } from '../engine/engine-error.ts';
import { followEngineEvents } from '../engine/engine-events.ts';
import { watchEngine } from '../engine/watch-engine.ts';
import { podKey, uidOf } from '../objects/pod.ts';
import { engineLabels } from '../pod/container-labels.ts';
import type { NodeContext } from './node-context.ts';
import { PodWorker } from './pod-worker.ts';

export interface KubeletOptions {
  readonly context: NodeContext;
  readonly pods: Reflector<Pod>;
  readonly configMaps: Reflector<ConfigMap>;
  readonly secrets: Reflector<Secret>;
  /** The engine answers again, or no longer. */
  readonly onEngine: (trouble: string | undefined) => void;
}

/** Runs the Pods that are bound to this node. Disposing it leaves their containers running. */
export class Kubelet implements AsyncDisposable {
  readonly #options: KubeletOptions;
  readonly #log: Logger;
  readonly #workers = new Map<string, PodWorker>();
  readonly #owned = new AsyncDisposableStack();
  #isOver = false;

  private constructor(options: KubeletOptions) {
    this.#options = options;
    this.#log = options.context.log;
  }

  /** Adopts what runs already, removes what belongs to no Pod, and goes on from there. */
  static async start(options: KubeletOptions): Promise<Kubelet> {
    const kubelet = new Kubelet(options);
    await kubelet.#holdClaims();
    await kubelet.#removeOrphans();
    kubelet.#follow();
    return kubelet;
  }

  get runningPods(): number {
    return this.#workers.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#owned.disposeAsync();
    await Promise.all([...this.#workers.values()].map((worker) => worker[Symbol.asyncDispose]()));
  }

  #follow(): void {
    const { context, pods, configMaps, secrets, onEngine } = this.#options;
    // Before the Pods: those that are there already make their files from what they find.
    this.#owned.defer(configMaps.onChange(({ object }) => this.#onData(object)));
    this.#owned.defer(secrets.onChange(({ object }) => this.#onData(object)));
    this.#owned.defer(pods.onChange(({ type, object }) => this.#onPod(object, type === 'deleted')));
    this.#owned.use(watchEngine({ ...context, onState: onEngine }));
    this.#owned.use(
      followEngineEvents({
        docker: context.engine.docker,
        clock: context.clock,
        log: context.log,
        onEvent: ({ containerId, action, labels }) => {
          if (action !== 'die' && action !== 'remove' && action !== 'destroy') return;
          this.#workers.get(labels[engineLabels.podUid] ?? '')?.noteEvent(containerId);
        },
        onConnected: () => {
          for (const worker of this.#workers.values()) worker.lookAgain();
        },
        onLost: (error) => onEngine(engineMessage(error)),
      }),
    );
  }

  #onPod(pod: Pod, isGone: boolean): void {
    if (this.#isOver || pod.spec.nodeName !== this.#options.context.nodeName) return;
    const worker = this.#workers.get(uidOf(pod));
    if (worker !== undefined) {
      worker.update(pod, isGone);
      return;
    }
    if (isGone) return;
    this.#workers.set(uidOf(pod), new PodWorker(pod, this.#options.context, () => this.#onEnded(pod)));
    this.#log.info({ pod: podKey(pod) }, 'Took on Pod');
  }

  #onEnded(pod: Pod): void {
    this.#workers.delete(uidOf(pod));
    // One of them may wait for the home that is free now.
    for (const worker of this.#workers.values()) worker.wake();
  }

  #onData({ metadata }: KubeObject): void {
    for (const pod of this.#options.pods.cache.all()) {
      if (pod.metadata.namespace === metadata.namespace) this.#workers.get(uidOf(pod))?.refreshFiles();
    }
  }

  /** Before any Pod starts, those whose containers exist keep the homes they write. */
  async #holdClaims(): Promise<void> {
    const { context, pods } = this.#options;
    const uids = new Set((await this.#ourContainers()).map(({ labels }) => labels[engineLabels.podUid]));
    for (const pod of pods.cache.all()) {
      if (!uids.has(uidOf(pod)) || hasEnded(pod)) continue;
      for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
        if (persistentVolumeClaim === undefined) continue;
        context.claims.take(`${pod.metadata.namespace}/${persistentVolumeClaim.claimName}`, pod);
      }
    }
  }

  /** Containers, networks and folders of Pods that the API no longer knows. */
  async #removeOrphans(): Promise<void> {
    const { context, pods } = this.#options;
    const known = new Set(pods.cache.all().map(uidOf));
    const { docker } = context.engine;
    const orphans = (await this.#ourContainers()).filter(({ labels }) => !known.has(labels[engineLabels.podUid] ?? ''));
    const isSandbox = (labels: Readonly<Record<string, string>>): boolean =>
      labels[engineLabels.container] === undefined;
    for (const wave of [
      orphans.filter(({ labels }) => !isSandbox(labels)),
      orphans.filter(({ labels }) => isSandbox(labels)),
    ]) {
      for (const { id } of wave) {
        await docker
          .getContainer(id)
          .remove({ force: true, v: true })
          .catch((error: unknown) => {
            if (!isMissing(error)) this.#log.warn({ container: id, reason: engineMessage(error) }, 'Left an orphan');
          });
      }
    }
    await this.#removeOrphanNetworks(known);
    for (const uid of context.volumes.uids()) if (!known.has(uid)) await context.volumes.remove(uid);
    if (orphans.length > 0) this.#log.info({ containers: orphans.length }, 'Removed containers of Pods that are gone');
  }

  async #removeOrphanNetworks(known: ReadonlySet<string>): Promise<void> {
    const { docker } = this.#options.context.engine;
    const label = [`${engineLabels.owner}=${this.#options.context.owner}`];
    for (const { Id, Labels = {} } of await docker.listNetworks({ filters: { label } })) {
      const uid = Labels[engineLabels.podUid];
      if (uid === undefined || known.has(uid)) continue;
      await docker
        .getNetwork(Id)
        .remove()
        .catch((error: unknown) => this.#log.warn({ network: Id, reason: engineMessage(error) }, 'Left a network'));
    }
  }

  async #ourContainers(): Promise<
    readonly { readonly id: string; readonly labels: Readonly<Record<string, string>> }[]
  > {
    const { engine, owner } = this.#options.context;
    const found = await engine.docker.listContainers({
      all: true,
      filters: { label: [`${engineLabels.owner}=${owner}`] },
    });
    return found.map(({ Id, Labels }) => ({ id: Id, labels: Labels }));
  }
}
