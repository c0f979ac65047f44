import type { Pod } from '@vdi/kube';
import { isSidecar } from '../objects/pod.ts';

/** Containers in the order in which they are stopped: all others first, then the sidecars, the last started first. */
export function stopOrder({ spec }: Pod): readonly (readonly string[])[] {
  const { initContainers = [], containers } = spec;
  const plain = [...initContainers.filter((container) => !isSidecar(container)), ...containers];
  const sidecars = initContainers.filter(isSidecar).map(({ name }) => [name]);
  return [plain.map(({ name }) => name), ...sidecars.toReversed()];
}
