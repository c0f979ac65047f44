import type { Container, PodSpec, SecurityContext } from './chart-object.ts';

const allowedVolumes = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const allowedSeccomp = new Set(['RuntimeDefault', 'Localhost']);

/**
 * What of the profile "restricted" of https://kubernetes.io/docs/concepts/security/pod-security-standards/ a Pod breaks,
 * one sentence each; nothing for a Pod that a namespace with that profile admits.
 */
export function restrictedViolations(pod: PodSpec): readonly string[] {
  const containers = [...(pod.initContainers ?? []), ...pod.containers];
  return [
    ...(['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((name) => pod[name] === true),
    ...(pod.volumes ?? []).flatMap(volumeViolations),
    ...(pod.securityContext?.sysctls ?? []).map(({ name }) => `sysctl ${name}`),
    ...containers.flatMap((container) =>
      containerViolations(container, pod.securityContext ?? {}).map((what) => `${container.name}: ${what}`),
    ),
  ];
}

/** Beyond the profile: what every container of ours does besides. */
export function hardeningViolations({ resources, securityContext, name }: Container): readonly string[] {
  const claims: readonly (readonly [string, boolean])[] = [
    ['its root file system can be written to', securityContext?.readOnlyRootFilesystem !== true],
    ['it requests nothing, so it is the first to be evicted', Object.keys(resources?.requests ?? {}).length === 0],
    ['its memory has no limit', !('memory' in (resources?.limits ?? {}))],
  ];
  return claims.filter(([, isSo]) => isSo).map(([what]) => `${name}: ${what}`);
}

function volumeViolations({ name, ...source }: { readonly name: string }): readonly string[] {
  return Object.keys(source)
    .filter((type) => !allowedVolumes.has(type))
    .map((type) => `volume ${name} is a ${type}`);
}

/** Settings of the Pod hold for containers that say nothing else. */
function containerViolations({ securityContext: own = {}, ports = [] }: Container, pod: SecurityContext): string[] {
  const { capabilities, seccompProfile = pod.seccompProfile } = own;
  const added = (capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const claims: readonly (readonly [string, boolean])[] = [
    ['is privileged', own.privileged === true],
    ['may gain privileges', own.allowPrivilegeEscalation !== false],
    ['keeps capabilities', !(capabilities?.drop ?? []).includes('ALL')],
    [`adds ${added.join(', ')}`, added.length > 0],
    ['may run as root', (own.runAsNonRoot ?? pod.runAsNonRoot) !== true],
    ['runs as root', (own.runAsUser ?? pod.runAsUser) === 0],
    ['has no seccomp profile', !allowedSeccomp.has(seccompProfile?.type ?? '')],
    ['has an unmasked /proc', (own.procMount ?? 'Default') !== 'Default'],
    ['takes a port of its host', ports.some((port) => 'hostPort' in port)],
  ];
  return claims.filter(([, isSo]) => isSo).map(([what]) => what);
}
