import {
  hasEnded,
  type KubeClient,
  type KubeObject,
  type PersistentVolumeClaim,
  type Pod,
  type PodStatus,
} from '@vdi/kube';
import { resources } from '../objects/resources.ts';

const bindings = { group: '', version: 'v1', plural: 'pods', kind: 'Binding', namespaced: true };

/** What the node does with Pods from now on. */
export interface NodeScript {
  /** Whether containers begin at all. */
  runs: boolean;
  /** Whether desktops open a window. */
  becomesReady: boolean;
  /** Whether Pods that are deleted go. */
  stops: boolean;
  /** Whether claims get a volume. */
  provisions: boolean;
  /** What the scheduler says against every Pod. */
  unschedulable: string | undefined;
  reclaimPolicy: 'Retain' | 'Delete';
}

/**
 * Scheduler, volume provisioner and kubelet of one node, as far as the API sees them: each step does to every Pod and
 * claim the next thing that would happen to it. It also watches that no home ever has two writers.
 */
export class ScriptedNode {
  readonly script: NodeScript = {
    runs: true,
    becomesReady: true,
    stops: true,
    provisions: true,
    unschedulable: undefined,
    reclaimPolicy: 'Retain',
  };
  readonly #kube: KubeClient;
  readonly #now: () => Date;

  constructor(kube: KubeClient, now: () => Date) {
    this.#kube = kube;
    this.#now = now;
  }

  /** Answers whether anything was done. */
  async step(): Promise<boolean> {
    const { items: pods } = await this.#kube.list(resources.pods);
    checkWriters(pods);
    let hasDone = false;
    for (const pod of pods) hasDone = (await this.#advance(pod)) || hasDone;
    return hasDone;
  }

  /** A Pod ends for a reason of the node's, such as an eviction. */
  async lose(name: string, reason: string): Promise<void> {
    const pod = await this.#kube.get(resources.pods, { namespace: 'vdi-sessions', name });
    await this.#setStatus(pod, {
      ...pod.status,
      phase: 'Failed',
      reason,
      message: `${reason} by the test`,
      conditions: [ready('False', this.#now())],
      initContainerStatuses: [],
      containerStatuses: [],
    });
  }

  async #advance(pod: Pod): Promise<boolean> {
    if (pod.metadata.deletionTimestamp !== undefined) return this.script.stops && (await this.#remove(pod));
    if (hasEnded(pod)) return false;
    if (pod.spec.nodeName === undefined) return await this.#schedule(pod);
    if (!this.script.runs) return false;
    if (this.script.provisions && (await this.#provision(pod))) return true;
    const wanted = runningStatus(pod, this.script.becomesReady, this.#now());
    if (JSON.stringify(pod.status?.containerStatuses) === JSON.stringify(wanted.containerStatuses)) return false;
    await this.#setStatus(pod, wanted);
    return true;
  }

  async #schedule(pod: Pod): Promise<boolean> {
    const { name = '', namespace = '', uid } = pod.metadata;
    const { unschedulable } = this.script;
    if (unschedulable !== undefined) {
      const condition = {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: unschedulable,
      } as const;
      if (pod.status?.conditions?.some(({ message }) => message === unschedulable)) return false;
      await this.#setStatus(pod, { ...pod.status, conditions: [condition] });
      return true;
    }
    const binding: KubeObject & { target: object } = {
      metadata: { name, namespace, ...(uid !== undefined && { uid }) },
      target: { apiVersion: 'v1', kind: 'Node', name: 'node-a' },
    };
    await this.#kube.create(bindings, binding, { subresource: 'binding' });
    return true;
  }

  async #provision({ metadata: { namespace = '' }, spec }: Pod): Promise<boolean> {
    let hasDone = false;
    for (const { persistentVolumeClaim } of spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claim = await this.#kube.get(resources.claims, { namespace, name: persistentVolumeClaim.claimName });
      if (claim.status?.phase === 'Bound') continue;
      await bindClaim(this.#kube, claim, this.script.reclaimPolicy);
      hasDone = true;
    }
    return hasDone;
  }

  async #remove(pod: Pod): Promise<boolean> {
    const { name = '', namespace = '', uid } = pod.metadata;
    await this.#kube.delete(resources.pods, { namespace, name }, { uid, gracePeriodSeconds: 0 });
    return true;
  }

  async #setStatus({ metadata: { name = '', namespace = '' } }: Pod, status: PodStatus): Promise<void> {
    await this.#kube.patch(
      resources.pods,
      { namespace, name },
      { type: 'merge', value: { status } },
      { subresource: 'status' },
    );
  }
}

/** Gives a claim a volume, as the provisioner of its class would. */
export async function bindClaim(
  kube: KubeClient,
  claim: PersistentVolumeClaim,
  reclaimPolicy: 'Retain' | 'Delete',
): Promise<void> {
  const { name = '', namespace = '', uid = '' } = claim.metadata;
  const volumeName = `pv-${uid}`;
  await kube.apply(resources.volumes, {
    metadata: { name: volumeName },
    spec: {
      capacity: { storage: '10Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: reclaimPolicy,
      claimRef: { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid },
      hostPath: { path: '/homes' },
    },
  } as Parameters<typeof kube.apply<never>>[1]);
  await kube.patch(resources.claims, { namespace, name }, { type: 'merge', value: { spec: { volumeName } } });
  const status = { phase: 'Bound' };
  await kube.patch(
    resources.claims,
    { namespace, name },
    { type: 'merge', value: { status } },
    { subresource: 'status' },
  );
}

/** O6: throws when two Pods that may have containers mount the same claim. */
function checkWriters(pods: readonly Pod[]): void {
  const writers = new Map<string, string>();
  for (const pod of pods.filter((one) => !hasEnded(one))) {
    for (const { persistentVolumeClaim } of pod.spec.volumes ?? []) {
      if (persistentVolumeClaim === undefined) continue;
      const claim = `${pod.metadata.namespace}/${persistentVolumeClaim.claimName}`;
      const other = writers.get(claim);
      if (other !== undefined) throw new Error(`Claim ${claim} has two writers: ${other} and ${pod.metadata.name}`);
      writers.set(claim, pod.metadata.name ?? '');
    }
  }
}

function runningStatus(pod: Pod, isReady: boolean, now: Date): PodStatus {
  const startedAt = pod.status?.containerStatuses?.[0]?.state?.running?.startedAt ?? now.toISOString();
  const of = (name: string, isUp: boolean) => ({
    name,
    ready: isUp,
    started: true,
    restartCount: 0,
    image: 'i',
    imageID: 'i',
    state: { running: { startedAt } },
  });
  return {
    phase: 'Running',
    podIP: '10.1.2.3',
    conditions: [
      ...(pod.status?.conditions ?? []).filter(({ type }) => type !== 'Ready'),
      ready(isReady ? 'True' : 'False', now),
    ],
    initContainerStatuses: (pod.spec.initContainers ?? []).map(({ name }) => of(name, isReady)),
    containerStatuses: pod.spec.containers.map(({ name }) => of(name, isReady)),
  };
}

function ready(status: 'True' | 'False', now: Date) {
  return { type: 'Ready', status, lastTransitionTime: now.toISOString().replace(/\.\d{3}Z$/, 'Z') };
}
