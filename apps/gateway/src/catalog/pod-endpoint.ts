import { annotations, childNames, type VDISession } from '@vdi/api';
import { builtinResources, isNotFound, type KubeClient, type UntypedObject } from '@vdi/kube';

/**
 * How desktops are reached: at the Service of their session, or where the standalone node says. The annotation is believed
 * only there: who may edit a Pod in a cluster would otherwise be sent the tickets of its visitors.
 */
export type DesktopsReachedBy = 'service' | 'endpoint-annotation';

/** Port `http` of a session's Service. */
const servicePort = 8080;

/**
 * Where the present Pod of the session is reached, or undefined if it has none. A Pod of the same name that belongs to
 * another session, an earlier one say, is none of it.
 */
export function endpointOf(session: VDISession, pod: UntypedObject, reachedBy: DesktopsReachedBy): string | undefined {
  const { name, namespace = '', uid } = session.metadata;
  if (!pod.metadata.ownerReferences?.some((owner) => owner.uid === uid)) return undefined;
  const published = reachedBy === 'endpoint-annotation' ? pod.metadata.annotations?.[annotations.endpoint] : undefined;
  return published ?? `${childNames(name).service}.${namespace}.svc:${servicePort}`;
}

/** Reads a Pod that the cache does not have yet. */
export async function readPod(kube: KubeClient, namespace: string, name: string): Promise<UntypedObject | undefined> {
  try {
    return await kube.get(builtinResources.pods, { namespace, name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
