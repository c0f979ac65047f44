import type { Container, KubeObject, Pod } from '@vdi/kube';

/** A sidecar is an init container that is kept running (KEP-753). */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** `namespace/name` */
export const podKey = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name ?? ''}`;

/** The UID, which every object that the API hands out has. */
export function uidOf({ metadata }: KubeObject): string {
  if (metadata.uid === undefined)
    throw new TypeError(`Object "${metadata.name}" has no UID; was it read from the API?`);
  return metadata.uid;
}

/** All containers in the order of their start. */
export const allContainers = ({ spec }: Pod): readonly Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
];
