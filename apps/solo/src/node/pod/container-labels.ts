import type { Pod } from '@vdi/kube';
import { uidOf } from '../objects/pod.ts';

/** Labels of containers and networks in the engine: whatever is needed to find them again after a restart. */
export const engineLabels = {
  /** Which installation: two of them may share one Docker. */
  owner: 'vdi.kasm.io/owner',
  podUid: 'vdi.kasm.io/pod-uid',
  podName: 'vdi.kasm.io/pod-name',
  podNamespace: 'vdi.kasm.io/pod-namespace',
  /** Missing on the container that holds the namespaces. */
  container: 'vdi.kasm.io/container',
  /** 0 is stopped first; for who stops containers without knowing their Pods. */
  stopTurn: 'vdi.kasm.io/stop-turn',
  /** 0, 1, 2 … */
  attempt: 'vdi.kasm.io/attempt',
  /** How long to wait after the end of this container before it is started again, in seconds. */
  backOffSeconds: 'vdi.kasm.io/back-off-seconds',
} as const;

/** What every container and network of a Pod bears. */
export function podLabels(pod: Pod, owner: string): Readonly<Record<string, string>> {
  return {
    [engineLabels.owner]: owner,
    [engineLabels.podUid]: uidOf(pod),
    [engineLabels.podName]: pod.metadata.name ?? '',
    [engineLabels.podNamespace]: pod.metadata.namespace ?? '',
  };
}
