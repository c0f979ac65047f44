import type { Pod } from '@vdi/kube';

/** GPU slices that the containers of a Pod hold together. */
export function gpuSlicesOf({ spec }: Pod, resourceName: string): number {
  return [...(spec.initContainers ?? []), ...spec.containers]
    .map(({ resources }) => Number(resources?.limits?.[resourceName] ?? 0))
    .reduce((sum, slices) => sum + slices, 0);
}
