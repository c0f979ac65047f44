import type { ContainerState, Pod } from '@vdi/kube';

/** How one container is, without the many places in which Kubernetes says so. */
export interface ContainerView {
  readonly isRunning: boolean;
  /** By its probe. */
  readonly isReady: boolean;
  /** Why it does not run, in one word of the kubelet; empty when it says nothing. */
  readonly waitingFor: string;
  /** What the kubelet says about that, or nothing. */
  readonly waitingText: string;
  /** How it ended last, if it ever did. */
  readonly end: NonNullable<ContainerState['terminated']> | undefined;
  readonly endText: string;
}

export function containerView({ status }: Pod, name: string): ContainerView {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const { ready = false, state = {}, lastState = {} } = all.find((one) => one.name === name) ?? {};
  const end = state.terminated ?? lastState.terminated;
  return {
    isRunning: state.running !== undefined,
    isReady: ready,
    waitingFor: state.waiting?.reason ?? '',
    waitingText: state.waiting?.message ?? '',
    end,
    endText: endText(end),
  };
}

/** Whether fetching the image failed; the kubelet tries again. */
export function hasPullFailure({ waitingFor }: ContainerView): boolean {
  return /^(ErrImage|ImagePullBackOff|InvalidImageName|RegistryUnavailable)/.test(waitingFor);
}

/**
 * Why an image could not be fetched: its name and the last link of the kubelet's chain of causes, such as `no such host`. What
 * lies between are steps and addresses inside the cluster.
 */
export function pullFailure({ waitingFor, waitingText }: ContainerView): string {
  const image = /image "([^"]+)"/.exec(waitingText)?.[1];
  const cause = waitingText.slice(waitingText.lastIndexOf(': ') + 1).trim();
  return [image, cause === '' ? waitingFor : cause].filter((part) => part !== undefined).join(': ');
}

/** What the kubelet says about a container that does not run yet, in brackets. */
export function waitingDetail({ waitingText }: ContainerView): string {
  return waitingText === '' ? '' : ` (${waitingText})`;
}

function endText(end: ContainerView['end']): string {
  if (end === undefined) return 'for an unknown reason';
  return [`exit code ${end.exitCode}`, end.reason, end.message].filter(Boolean).join(', ');
}
