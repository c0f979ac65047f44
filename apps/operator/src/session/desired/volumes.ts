import type { Volume, VolumeMount } from '@vdi/kube';
import type { ResourceSettings } from '../../settings.ts';
import type { WantedDesktop } from '../wanted-desktop.ts';
import { configKeys } from './names.ts';

/** Names of the volumes of a session's Pod. */
export const volumeNames = {
  home: 'home',
  identity: 'identity',
  secret: 'secret',
  sharedMemory: 'shm',
  x11: 'x11',
  pulse: 'pulse',
  runtime: 'runtime',
  desktopTmp: 'desktop-tmp',
  displayTmp: 'display-tmp',
  displayRun: 'display-run',
} as const;

/** Every writable path is a volume of its own, with a bound: the root file systems are read-only. */
export function podVolumes(session: string, wanted: WantedDesktop, settings: ResourceSettings): readonly Volume[] {
  return [...singleContainerVolumes(session, wanted, settings), ...displayVolumes(session, settings)];
}

/** The volumes of a Pod whose image brings its own web desktop. */
export function singleContainerVolumes(
  session: string,
  { home, template }: WantedDesktop,
  settings: ResourceSettings,
): readonly Volume[] {
  const temporary = { emptyDir: { sizeLimit: settings.temporaryStorage } };
  return [
    home === undefined
      ? { name: volumeNames.home, ...temporary }
      : { name: volumeNames.home, persistentVolumeClaim: { claimName: home.claimName } },
    { name: volumeNames.identity, configMap: { name: session } },
    { name: volumeNames.sharedMemory, emptyDir: { medium: 'Memory', sizeLimit: settings.sharedMemory } },
    { name: volumeNames.runtime, ...temporary },
    { name: volumeNames.desktopTmp, ...temporary },
    ...template.persistence.sharedVolumes.map(({ name, claimName, readOnly = true }) => ({
      name: sharedVolumeName(name),
      persistentVolumeClaim: { claimName, readOnly },
    })),
  ];
}

function displayVolumes(session: string, settings: ResourceSettings): readonly Volume[] {
  const small = { emptyDir: { sizeLimit: '64Mi' } };
  return [
    { name: volumeNames.secret, secret: { secretName: session, defaultMode: 0o440 } },
    { name: volumeNames.x11, ...small },
    { name: volumeNames.pulse, ...small },
    { name: volumeNames.displayTmp, emptyDir: { sizeLimit: settings.temporaryStorage } },
    { name: volumeNames.displayRun, ...small },
  ];
}

/** Who one is, for programs that look it up. */
export const identityMounts: readonly VolumeMount[] = (['passwd', 'group', 'machineId'] as const).map((key) => ({
  name: volumeNames.identity,
  mountPath: `/etc/${configKeys[key]}`,
  subPath: configKeys[key],
  readOnly: true,
}));

/** Temporary folders of the container that people work in. */
export const workMounts: readonly VolumeMount[] = [
  { name: volumeNames.desktopTmp, mountPath: '/tmp' },
  { name: volumeNames.runtime, mountPath: '/run/user' },
  { name: volumeNames.sharedMemory, mountPath: '/dev/shm' },
];

/** Sockets of the X server and of the sound server, by which display and desktop meet. */
export const displaySockets: readonly VolumeMount[] = [
  { name: volumeNames.x11, mountPath: '/tmp/.X11-unix' },
  { name: volumeNames.pulse, mountPath: '/run/pulse' },
];

export function homeMount({ template }: WantedDesktop): VolumeMount {
  return { name: volumeNames.home, mountPath: template.persistence.mountPath };
}

export function sharedVolumeMounts({ template }: WantedDesktop): readonly VolumeMount[] {
  return template.persistence.sharedVolumes.map(({ name, mountPath, readOnly = true }) => ({
    name: sharedVolumeName(name),
    mountPath,
    readOnly,
  }));
}

/** Apart from our own names, whatever a template calls its volumes. */
function sharedVolumeName(name: string): string {
  return `shared-${name}`.slice(0, 63).replace(/-+$/, '');
}
