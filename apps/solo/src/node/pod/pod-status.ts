import type { Container, ContainerState, ContainerStatus, Pod, PodCondition, PodPhase, PodStatus } from '@vdi/kube';
import { timestamp } from '../clock.ts';
import { isSidecar } from '../objects/pod.ts';
import type { ContainerView } from './container-view.ts';

/** Why a container does not run, in the kubelet's words. */
export interface Waiting {
  readonly reason: string;
  readonly message?: string;
}

/** What a status is made of. */
export interface ObservedPod {
  readonly now: Date;
  readonly startTime: Date;
  readonly hostIP: string;
  readonly podIP: string | undefined;
  readonly hasSandbox: boolean;
  readonly isInitialized: boolean;
  /** Set when the Pod has ended for a reason of its own, such as a refusal or a deadline. */
  readonly end:
    | { readonly phase: 'Succeeded' | 'Failed'; readonly reason?: string; readonly message?: string }
    | undefined;
  readonly of: (container: string) => ObservedContainer;
}

export interface ObservedContainer {
  readonly latest: ContainerView | undefined;
  readonly previous: ContainerView | undefined;
  readonly isStarted: boolean;
  readonly isReady: boolean;
  readonly waiting: Waiting | undefined;
}

/** The status that the API is told. Times of conditions that did not change are kept. */
export function podStatus(pod: Pod, observed: ObservedPod): PodStatus {
  const { initContainers = [], containers } = pod.spec;
  const initStatuses = initContainers.map((container) => initStatus(container, observed));
  const statuses = containers.map((container) => containerStatus(container, observed));
  const phase = observed.end?.phase ?? runningPhase(statuses, observed);
  return {
    phase,
    ...(observed.end?.reason === undefined ? {} : { reason: observed.end.reason }),
    ...(observed.end?.message === undefined ? {} : { message: observed.end.message }),
    conditions: conditionsOf(pod, { phase, initStatuses, statuses, observed }),
    hostIP: observed.hostIP,
    hostIPs: [{ ip: observed.hostIP }],
    ...(observed.podIP === undefined ? {} : { podIP: observed.podIP, podIPs: [{ ip: observed.podIP }] }),
    startTime: timestamp(observed.startTime),
    ...(pod.status?.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
    ...(initStatuses.length === 0 ? {} : { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
  };
}

function runningPhase(statuses: readonly ContainerStatus[], { isInitialized }: ObservedPod): PodPhase {
  if (!isInitialized) return 'Pending';
  const hasRun = statuses.every(({ state, lastState }) => state.running ?? state.terminated ?? lastState?.terminated);
  return hasRun ? 'Running' : 'Pending';
}

/** A regular init container is ready when it has ended well; a sidecar when its readiness probe says so. */
function initStatus(container: Container, observed: ObservedPod): ContainerStatus {
  const status = containerStatus(container, observed);
  if (isSidecar(container)) return status;
  return { ...status, ready: status.state.terminated?.exitCode === 0 };
}

function containerStatus(container: Container, observed: ObservedPod): ContainerStatus {
  const { latest, previous, isStarted, isReady, waiting } = observed.of(container.name);
  const state = stateOf(latest, waiting, observed);
  const isRunning = state.running !== undefined;
  // While it waits to be started again, how it ended last is the last state.
  const last = state.waiting !== undefined && latest?.state === 'exited' ? latest : previous;
  return {
    name: container.name,
    image: container.image,
    imageID: latest?.imageId ?? '',
    ...(latest === undefined ? {} : { containerID: containerIdOf(latest) }),
    ready: isRunning && isReady,
    started: isRunning && isStarted,
    restartCount: latest?.attempt ?? 0,
    state,
    ...(last === undefined ? {} : { lastState: { terminated: terminated(last) } }),
  };
}

/** Kubernetes wants a scheme before the engine's ID. */
export const containerIdOf = ({ id }: ContainerView): string => `vdi://${id}`;

function stateOf(
  latest: ContainerView | undefined,
  waiting: Waiting | undefined,
  { end, isInitialized }: ObservedPod,
): ContainerState {
  if (latest?.state === 'running') return { running: { startedAt: timestamp(latest.startedAt ?? new Date(0)) } };
  if (waiting !== undefined && end === undefined) return { waiting };
  if (latest?.state === 'exited') return { terminated: terminated(latest) };
  return { waiting: { reason: isInitialized || end !== undefined ? 'ContainerCreating' : 'PodInitializing' } };
}

function terminated(view: ContainerView): NonNullable<ContainerState['terminated']> {
  const never = new Date(0);
  const signal = view.exitCode > 128 && view.exitCode < 193 ? { signal: view.exitCode - 128 } : {};
  return {
    exitCode: view.exitCode,
    reason: view.wasOutOfMemory ? 'OOMKilled' : view.exitCode === 0 ? 'Completed' : 'Error',
    ...signal,
    startedAt: timestamp(view.startedAt ?? never),
    finishedAt: timestamp(view.finishedAt ?? never),
    containerID: containerIdOf(view),
  };
}

interface ConditionFacts {
  readonly phase: PodPhase;
  readonly initStatuses: readonly ContainerStatus[];
  readonly statuses: readonly ContainerStatus[];
  readonly observed: ObservedPod;
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions */
function conditionsOf(pod: Pod, { phase, initStatuses, statuses, observed }: ConditionFacts): readonly PodCondition[] {
  const hasEnded = phase === 'Succeeded' || phase === 'Failed';
  const endReason = phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed';
  const sidecars = initStatuses.filter((_, index) => isSidecar(pod.spec.initContainers?.[index] as Container));
  const unready = namesOf([...sidecars, ...statuses].filter(({ ready }) => !ready));
  const uninitialized = namesOf(
    initStatuses.filter((status) => (sidecars.includes(status) ? !status.started : !status.ready)),
  );
  const readiness = hasEnded
    ? failing(endReason)
    : unready === undefined && observed.isInitialized
      ? passing
      : failing('ContainersNotReady', `containers with unready status: [${unready ?? ''}]`);
  const initialized =
    observed.isInitialized || (hasEnded && uninitialized === undefined)
      ? passing
      : failing('ContainersNotInitialized', `containers with incomplete status: [${uninitialized ?? ''}]`);
  const wanted: readonly (readonly [string, ConditionState])[] = [
    ['PodReadyToStartContainers', observed.hasSandbox && !hasEnded ? passing : { status: 'False' }],
    ['Initialized', initialized],
    ['Ready', readiness],
    ['ContainersReady', readiness],
  ];
  const managed = new Set(wanted.map(([type]) => type));
  const foreign = (pod.status?.conditions ?? []).filter(({ type }) => !managed.has(type));
  return [...wanted.map(([type, state]) => conditionOf(pod, type, state, observed.now)), ...foreign];
}

type ConditionState = Pick<PodCondition, 'status' | 'reason' | 'message'>;

const passing: ConditionState = { status: 'True' };

function failing(reason: string, message?: string): ConditionState {
  return { status: 'False', reason, ...(message === undefined ? {} : { message }) };
}

function conditionOf(pod: Pod, type: string, state: ConditionState, now: Date): PodCondition {
  const before = pod.status?.conditions?.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === state.status ? before.lastTransitionTime : undefined;
  return { type, ...state, lastTransitionTime: lastTransitionTime ?? timestamp(now) };
}

function namesOf(statuses: readonly ContainerStatus[]): string | undefined {
  return statuses.length === 0 ? undefined : statuses.map(({ name }) => name).join(' ');
}
