import { badRequest } from '../registry/errors.ts';
import type { KubernetesObject } from '../resource/resource.ts';

interface PodContainers {
  readonly containers?: readonly { readonly name: string }[];
  readonly initContainers?: readonly { readonly name: string }[];
}

/** The container that a client means: the one it names, or the only one there is. Throws 400. */
export function chosenContainer(pod: KubernetesObject, query: URLSearchParams): string {
  const { containers = [], initContainers = [] } = (pod['spec'] ?? {}) as PodContainers;
  const names = [...containers, ...initContainers].map(({ name }) => name);
  const container =
    query.get('container') ||
    (names.length === 1 ? names[0] : containers.length === 1 ? containers[0]?.name : undefined);
  const podName = pod.metadata.name;
  if (container === undefined) {
    throw badRequest(`a container name must be specified for pod ${podName}, choose one of: [${names.join(' ')}]`);
  }
  if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${podName}`);
  return container;
}
