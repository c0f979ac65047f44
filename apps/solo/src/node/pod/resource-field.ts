import { parseQuantity } from '@vdi/api';
import type { Container, Pod, ResourceFieldRef } from '@vdi/kube';
import { allContainers } from '../objects/pod.ts';
import { ConfigError } from './config-error.ts';
import type { PodFacts } from './pod-field.ts';

/** A request or limit as a whole number of `divisor`s, rounded up; without a limit it is what the machine has. */
export function resourceField(pod: Pod, ref: ResourceFieldRef, owner: Container | undefined, facts: PodFacts): string {
  const container =
    ref.containerName === undefined ? owner : allContainers(pod).find(({ name }) => name === ref.containerName);
  if (container === undefined) {
    throw new ConfigError(`resourceFieldRef names the container "${ref.containerName ?? ''}", which the Pod has not`);
  }
  const [kind = '', resource = ''] = ref.resource.split('.');
  if ((kind !== 'limits' && kind !== 'requests') || resource === '') {
    throw new ConfigError(`resourceFieldRef has no resource "${ref.resource}"; write for example limits.memory`);
  }
  const amount = kind === 'limits' ? limitOf(container, resource, facts) : requestOf(container, resource);
  const divisor = parseQuantity(ref.divisor ?? 1) || 1;
  return String(Math.ceil(Number((amount / divisor).toFixed(9))));
}

function limitOf({ resources }: Container, resource: string, { capacity }: PodFacts): number {
  const ofMachine: Readonly<Record<string, number>> = {
    cpu: capacity.cpu,
    memory: capacity.memory,
    'ephemeral-storage': capacity.ephemeralStorage,
  };
  return parseQuantity(resources?.limits?.[resource] ?? ofMachine[resource] ?? 0);
}

function requestOf({ resources }: Container, resource: string): number {
  return parseQuantity(resources?.requests?.[resource] ?? resources?.limits?.[resource] ?? 0);
}
