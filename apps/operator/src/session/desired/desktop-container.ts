import { formatQuantity, type VDIUser } from '@vdi/api';
import type { Container, EnvVar } from '@vdi/kube';
import type { OperatorSettings } from '../../settings.ts';
import type { GpuSlices, WantedDesktop } from '../wanted-desktop.ts';
import { runtimeDirectory } from './display-container.ts';
import { gpuAmounts, gpuEnvironment } from './gpu.ts';
import { containerNames, httpPort } from './names.ts';
import { containerSecurity } from './security.ts';
import { displaySockets, homeMount, identityMounts, sharedVolumeMounts, workMounts } from './volumes.ts';

/** The template's image beside our display: any image with an X client. It holds no streaming code and no secret. */
export function desktopContainer(
  wanted: WantedDesktop,
  user: VDIUser | undefined,
  gpu: GpuSlices,
  settings: OperatorSettings,
): Container {
  return {
    ...workContainer(wanted, gpu, settings),
    env: [
      ...desktopEnvironment(wanted, user, [
        { name: 'DISPLAY', value: ':0' },
        { name: 'PULSE_SERVER', value: 'unix:/run/pulse/native' },
      ]),
      ...gpuEnvironment(gpu.desktop),
    ],
    // Asked of the display, which shares the Pod's network: is a top-level window mapped?
    readinessProbe: { httpGet: { path: '/readyz/desktop', port: httpPort }, periodSeconds: 2, timeoutSeconds: 3 },
    // After /tmp, because it lies in it.
    volumeMounts: [
      ...workMounts,
      ...displaySockets,
      homeMount(wanted),
      ...sharedVolumeMounts(wanted),
      ...identityMounts,
    ],
  };
}

/** An image that brings its own web desktop, behind the same door: one container and no display beside it. */
export function webDesktopContainer(
  wanted: WantedDesktop,
  user: VDIUser | undefined,
  gpu: GpuSlices,
  settings: OperatorSettings,
): Container {
  const { port } = wanted.template;
  return {
    ...workContainer(wanted, gpu, settings),
    env: [...desktopEnvironment(wanted, user, []), ...gpuEnvironment(gpu.desktop)],
    ports: [{ name: 'http', containerPort: port, protocol: 'TCP' }],
    readinessProbe: { tcpSocket: { port: 'http' }, periodSeconds: 2, timeoutSeconds: 3 },
    // Its own users are left to it: its programs look them up by name.
    volumeMounts: [...workMounts, homeMount(wanted), ...sharedVolumeMounts(wanted)],
  };
}

function workContainer(wanted: WantedDesktop, gpu: GpuSlices, settings: OperatorSettings): Container {
  const { template, cpuCores, memoryBytes } = wanted;
  const { requestedFraction } = settings.resources;
  const slices = gpuAmounts(gpu.desktop, settings.gpu);
  return {
    name: containerNames.desktop,
    image: template.image,
    imagePullPolicy: settings.imagePullPolicy,
    ...(template.command === undefined ? {} : { command: template.command }),
    ...(template.args === undefined ? {} : { args: template.args }),
    resources: {
      requests: {
        cpu: formatQuantity(roundedMillicores(cpuCores * requestedFraction.cpu), 'cores'),
        memory: formatQuantity(roundedMebibytes(memoryBytes * requestedFraction.memory), 'bytes'),
        ...slices,
      },
      limits: { cpu: formatQuantity(cpuCores, 'cores'), memory: formatQuantity(memoryBytes, 'bytes'), ...slices },
    },
    securityContext: containerSecurity(template.security),
  };
}

/** Ours come last, so that a template cannot point the desktop at another display. */
function desktopEnvironment(
  { template }: WantedDesktop,
  user: VDIUser | undefined,
  connection: readonly EnvVar[],
): readonly EnvVar[] {
  const { locale, timeZone } = user?.spec.preferences ?? {};
  const preferences: readonly EnvVar[] = [
    ...(locale === undefined ? [] : [{ name: 'LANG', value: locale }]),
    ...(timeZone === undefined ? [] : [{ name: 'TZ', value: timeZone }]),
  ];
  const ours: readonly EnvVar[] = [
    ...connection,
    { name: 'HOME', value: template.persistence.mountPath },
    { name: 'XDG_RUNTIME_DIR', value: runtimeDirectory(template.security.runAsUser) },
  ];
  const written = template.env ?? [];
  const isNamed = (list: readonly EnvVar[], name: string): boolean => list.some((variable) => variable.name === name);
  return [
    ...preferences.filter(({ name }) => !isNamed(written, name)),
    ...written.filter(({ name }) => !isNamed(ours, name)),
    ...ours,
  ];
}

const mebibyte = 2 ** 20;

function roundedMebibytes(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / mebibyte)) * mebibyte;
}

function roundedMillicores(cores: number): number {
  return Math.max(1, Math.ceil(cores * 1000)) / 1000;
}
