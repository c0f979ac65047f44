import type { EnvVar, Quantities } from '@vdi/kube';
import type { GpuSettings } from '../../settings.ts';

/** Extended resources are whole numbers, and the request equals the limit. */
export function gpuAmounts(slices: 0 | 1, { resourceName }: GpuSettings): Quantities {
  return slices === 0 ? {} : { [resourceName]: String(slices) };
}

/** Images based on NVIDIA's see every GPU of the node unless they are told otherwise. */
export function gpuEnvironment(slices: 0 | 1): readonly EnvVar[] {
  return slices === 0
    ? [{ name: 'NVIDIA_VISIBLE_DEVICES', value: 'void' }]
    : [{ name: 'NVIDIA_DRIVER_CAPABILITIES', value: 'all' }];
}
