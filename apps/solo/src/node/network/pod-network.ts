import { labels } from '@vdi/api';
import type { Pod } from '@vdi/kube';
import { engineMessage, isEngineConflict, isMissing } from '../engine/engine-error.ts';
import { createNetwork } from '../engine/create-network.ts';
import { uidOf } from '../objects/pod.ts';
import { engineLabels } from '../pod/container-labels.ts';
import { bridgeName } from './bridge-name.ts';
import type { NodeContext } from '../kubelet/node-context.ts';

/** A session has a network of its own; the other Pods of a namespace share one. */
function isPrivate({ metadata }: Pod): boolean {
  return metadata.labels?.[labels.session] !== undefined;
}

/** The name of the network a Pod is in. */
export function networkNameOf(pod: Pod, owner: string): string {
  return isPrivate(pod) ? `vdi-${owner}-pod-${uidOf(pod)}` : `vdi-${owner}-ns-${pod.metadata.namespace}`;
}

/** Makes the Pod's network if it is not there. */
export async function ensurePodNetwork(pod: Pod, { engine, owner, hasFirewall }: NodeContext): Promise<void> {
  const name = networkNameOf(pod, owner);
  try {
    await createNetwork(engine, {
      name,
      bridge: bridgeName(owner, isPrivate(pod) ? 'session' : 'namespace', name),
      // Our own rules keep sessions apart from everybody, but cannot tell one namespace's bridge from another's.
      isIsolatedByEngine: !hasFirewall || !isPrivate(pod),
      labels: { [engineLabels.owner]: owner, ...(isPrivate(pod) ? { [engineLabels.podUid]: uidOf(pod) } : {}) },
    });
  } catch (error) {
    if (isEngineConflict(error) || /already (exists|used)/.test(engineMessage(error))) return;
    throw error;
  }
}

/** Takes a network away unless somebody is in it. */
export async function removeNetwork(name: string, { engine, log }: NodeContext): Promise<void> {
  try {
    await engine.docker.getNetwork(name).remove();
  } catch (error) {
    if (isMissing(error)) return;
    log.debug({ network: name, reason: engineMessage(error) }, 'Left a network that is in use');
  }
}
