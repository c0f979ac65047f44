import type { Pod } from '@vdi/kube';

/** Somebody has asked for the end of the Pod. */
export function isEnding({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

/** Whether a container of the Pod may still write to that claim. */
export function mounts({ spec }: Pod, claimName: string): boolean {
  return (spec.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claimName);
}
