import {
  type EffectiveTemplate,
  effectiveTemplate,
  homeClaimName,
  parseDuration,
  parseQuantity,
  userKey,
  type VDISession,
  type VDITemplate,
  type VDIUser,
} from '@vdi/api';
import type { OperatorSettings } from '../settings.ts';

/** What a session asks for, once template, user and settings have filled in what it left open. */
export interface WantedDesktop {
  readonly template: EffectiveTemplate;
  /** `<uid>/<generation>` of the template. */
  readonly templateRevision: string;
  /** Limits of the desktop container. */
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly gpu: GpuSlices;
  /** Undefined when persistence is switched off. */
  readonly home: WantedHome | undefined;
  readonly timeoutMs: number | undefined;
  readonly idleTimeoutMs: number | undefined;
  readonly startDeadlineMs: number;
  readonly gracePeriodSeconds: number;
}

/** GPU time slices by container. A request of more than one for one container would be refused. */
export interface GpuSlices {
  readonly display: 0 | 1;
  readonly desktop: 0 | 1;
}

export interface WantedHome {
  readonly claimName: string;
  /** Used for a new claim, and to grow an old one. */
  readonly sizeBytes: number;
  /** Undefined: the class of the settings where it exists, else the cluster's default. */
  readonly storageClassName: string | undefined;
}

type Asking = Pick<VDISession, 'metadata' | 'spec' | 'status'>;

/** Throws `UserError` where a quantity or duration cannot be read. */
export function wantedDesktop(
  session: Asking,
  template: VDITemplate,
  user: VDIUser | undefined,
  settings: OperatorSettings,
): WantedDesktop {
  const effective = effectiveTemplate(template.spec);
  const { resources = {} } = session.spec;
  const { lifecycle } = effective;
  const timeout = session.spec.timeout ?? lifecycle.timeout;
  const defaults = effective.resources ?? {};
  return {
    template: effective,
    templateRevision: `${template.metadata.uid}/${template.metadata.generation ?? 1}`,
    cpuCores: parseQuantity(resources.cpu ?? defaults.defaultCPU ?? settings.resources.desktop.cpu),
    memoryBytes: parseQuantity(resources.memory ?? defaults.defaultMemory ?? settings.resources.desktop.memory),
    gpu: gpuSlices(resources.gpu ?? defaults.defaultGPU ?? 0, effective),
    home: wantedHome(session, effective, user, settings),
    timeoutMs: timeout === undefined ? undefined : parseDuration(timeout),
    idleTimeoutMs: lifecycle.idleTimeout === undefined ? undefined : parseDuration(lifecycle.idleTimeout),
    startDeadlineMs:
      lifecycle.startDeadline === undefined ? settings.startDeadlineMs : parseDuration(lifecycle.startDeadline),
    gracePeriodSeconds: Math.ceil(parseDuration(lifecycle.gracePeriod) / 1000),
  };
}

/** How many slices are held in all. */
export function totalSlices({ display, desktop }: GpuSlices): number {
  return display + desktop;
}

export const noGpu: GpuSlices = { display: 0, desktop: 0 };

function gpuSlices(asked: number, { gpu, bringsWebDesktop }: EffectiveTemplate): GpuSlices {
  if (asked === 0 || gpu.mode === 'none') return noGpu;
  // An image that streams itself encodes in its only container.
  if (bringsWebDesktop) return { display: 0, desktop: 1 };
  return { display: 1, desktop: gpu.render ? 1 : 0 };
}

function wantedHome(
  { spec, status }: Asking,
  { persistence }: EffectiveTemplate,
  user: VDIUser | undefined,
  settings: OperatorSettings,
): WantedHome | undefined {
  if (!(spec.persistence?.enabled ?? persistence.enabled)) return undefined;
  const home = user?.spec.home;
  return {
    // Written once, then kept: a changed rule for names must never lead to another, empty home.
    claimName: status?.homeClaim ?? homeClaimName(userKey(spec.user)),
    sizeBytes: parseQuantity(spec.persistence?.size ?? home?.size ?? persistence.size ?? settings.home.size),
    storageClassName: home?.storageClassName ?? persistence.storageClassName,
  };
}
