import { annotations, childNames, type VDISession } from '@vdi/api';
import { builtinResources, isNotFound, type KubeClient, type UntypedObject } from '@vdi/kube';

/** Port `http` of a session's Service. */
const servicePort = 8080;

/**
 * Where the present Pod of the session is reached, or undefined if it has none. A Pod of the same name that belongs to
 * another session, an earlier one say, is none of it.
 */
export function endpointOf(session: VDISession, pod: UntypedObject): string | undefined {
  const { name, namespace = '', uid } = session.metadata;
  if (!pod.metadata.ownerReferences?.some((owner) => owner.uid === uid)) return undefined;
  return (
    pod.metadata.annotations?.[annotations.endpoint] ?? `${childNames(name).service}.${namespace}.svc:${servicePort}`
  );
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
