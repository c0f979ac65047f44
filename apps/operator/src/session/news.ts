import { type Condition, type ConditionType, findCondition, type ReasonOf, type VDISessionStatus } from '@vdi/api';
import type { ObjectEvent } from '@vdi/controller';
import { hasReason } from './conclusion.ts';

/** Reasons of conditions that are worth an event when they come, and how grave they are. A clean start tells two. */
const toldReasons: { readonly [Type in ConditionType]?: { readonly [R in ReasonOf<Type>]?: ObjectEvent['type'] } } = {
  Accepted: {
    TemplateNotFound: 'Warning',
    TemplateInvalid: 'Warning',
    ImageHasNoDesktop: 'Warning',
    PodOverlayDenied: 'Warning',
    AccessDenied: 'Warning',
    UserInvalid: 'Warning',
    UserDisabled: 'Warning',
    ResourcesAboveMaximum: 'Warning',
    QuotaExceeded: 'Warning',
    HostTaken: 'Warning',
  },
  HomeReady: {
    HomeBound: 'Normal',
    HomeInUse: 'Warning',
    HomeLost: 'Warning',
    HomeOwnerMismatch: 'Warning',
    StorageClassNotFound: 'Warning',
    SharedVolumeNotFound: 'Warning',
  },
  Scheduled: {
    NoGpuSlice: 'Warning',
    Unschedulable: 'Warning',
    AdmissionRefused: 'Warning',
    NodeRefused: 'Warning',
    NodeLost: 'Warning',
  },
  DisplayReady: { ImagePullFailed: 'Warning', DisplayFailed: 'Warning', EncoderFailed: 'Warning' },
  DesktopReady: {
    ImagePullFailed: 'Warning',
    DesktopCrashed: 'Warning',
    OutOfMemory: 'Warning',
    CommandNotFound: 'Warning',
  },
  Ready: {
    Ready: 'Normal',
    Restarting: 'Warning',
    BackingOff: 'Warning',
    StartDeadlineExceeded: 'Warning',
    Suspending: 'Normal',
    Suspended: 'Normal',
    OutsideSchedule: 'Normal',
    Expired: 'Normal',
    Terminating: 'Normal',
  },
  UpToDate: { TemplateChanged: 'Normal', SessionChanged: 'Normal' },
};

const stops = ['Suspending', 'Suspended', 'OutsideSchedule'] as const;

/** What is new in a status for somebody who has read the one before. */
export function newsOf(before: VDISessionStatus | undefined, after: VDISessionStatus): readonly ObjectEvent[] {
  const isResumed = hasReason(before?.conditions, 'Ready', ...stops) && !goesOnStopping(after);
  const told = (after.conditions ?? []).flatMap((condition) => {
    const type = gravityOf(condition);
    if (type === undefined || stored(before, condition)?.reason === condition.reason) return [];
    // A Pod that still ends when its session is resumed was not lost.
    if (isResumed && condition.reason === 'Restarting') return [];
    return [{ type, reason: condition.reason, message: condition.message }];
  });
  return isResumed
    ? [{ type: 'Normal', reason: 'Resumed', message: 'The desktop is being started again.' }, ...told]
    : told;
}

function goesOnStopping({ conditions }: VDISessionStatus): boolean {
  return hasReason(conditions, 'Ready', ...stops, 'Expired', 'Terminating');
}

function gravityOf({ type, reason }: Condition): ObjectEvent['type'] | undefined {
  const byReason: Readonly<Record<string, ObjectEvent['type']>> = toldReasons[type as ConditionType] ?? {};
  return byReason[reason];
}

const stored = (status: VDISessionStatus | undefined, { type }: Condition): Condition | undefined =>
  findCondition(status?.conditions, type as ConditionType);
