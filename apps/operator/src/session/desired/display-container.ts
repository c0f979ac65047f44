import type { VDISession } from '@vdi/api';
import type { Container, EnvVar, Quantities } from '@vdi/kube';
import type { OperatorSettings } from '../../settings.ts';
import { uidOf } from '../input.ts';
import type { GpuSlices, WantedDesktop } from '../wanted-desktop.ts';
import { gpuAmounts, gpuEnvironment } from './gpu.ts';
import { configKeys, containerNames, httpPort, mediaPort } from './names.ts';
import { containerSecurity } from './security.ts';
import { displaySockets, homeMount, identityMounts, volumeNames } from './volumes.ts';

/**
 * X server, encoder and agent: a native sidecar (KEP-753), so that the desktop starts after it and stops before it. Its
 * postStart returns when X answers.
 */
export function displayContainer(
  session: VDISession,
  wanted: WantedDesktop,
  gpu: GpuSlices,
  settings: OperatorSettings,
): Container {
  const { security, policy } = wanted.template;
  const { requests, limits } = settings.resources.display;
  const gpuLimits: Quantities = gpuAmounts(gpu.display, settings.gpu);
  return {
    name: containerNames.display,
    image: settings.displayImage,
    imagePullPolicy: settings.imagePullPolicy,
    restartPolicy: 'Always',
    env: [...displayEnvironment(session, wanted, settings), ...gpuEnvironment(gpu.display)],
    ports: [
      { name: 'http', containerPort: httpPort, protocol: 'TCP' },
      { name: 'media', containerPort: mediaPort, protocol: 'UDP' },
    ],
    resources: { requests: { ...requests, ...gpuLimits }, limits: { ...limits, ...gpuLimits } },
    securityContext: containerSecurity({ readOnlyRootFilesystem: true }),
    lifecycle: { postStart: { exec: { command: ['/bin/sh', '-c', postStart(security.runAsUser)] } } },
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 5, timeoutSeconds: 3 },
    volumeMounts: [
      { name: volumeNames.displayTmp, mountPath: '/tmp' },
      ...displaySockets,
      { name: volumeNames.displayRun, mountPath: '/run/vdi' },
      { name: volumeNames.secret, mountPath: '/run/vdi/secret', readOnly: true },
      { name: volumeNames.runtime, mountPath: '/run/user' },
      { name: volumeNames.sharedMemory, mountPath: '/dev/shm' },
      ...identityMounts,
      ...(policy.files === 'none' ? [] : [homeMount(wanted)]),
    ],
  };
}

/**
 * Programs want XDG_RUNTIME_DIR private (0700) and theirs, and the root of a volume is neither. Made here, because the
 * image of the desktop may be any.
 */
function postStart(uid: number): string {
  return `mkdir -p -m 0700 ${runtimeDirectory(uid)} && exec /opt/vdi/bin/wait-display`;
}

export function runtimeDirectory(uid: number): string {
  return `/run/user/${uid}`;
}

function displayEnvironment(
  session: VDISession,
  { template }: WantedDesktop,
  { iceServers }: OperatorSettings,
): readonly EnvVar[] {
  const fromConfig = (name: string, key: string): EnvVar => ({
    name,
    valueFrom: { configMapKeyRef: { name: session.metadata.name, key } },
  });
  return [
    { name: 'VDI_SESSION_UID', value: uidOf(session) },
    { name: 'VDI_SESSION_NAME', value: session.spec.displayName ?? template.displayName ?? session.metadata.name },
    { name: 'VDI_ENCODER', value: template.gpu.encoder },
    fromConfig('VDI_APPLICATIONS', configKeys.applications),
    fromConfig('VDI_POLICY', configKeys.policy),
    ...(iceServers.length === 0 ? [] : [{ name: 'VDI_ICE_SERVERS', value: JSON.stringify(iceServers) }]),
  ];
}
