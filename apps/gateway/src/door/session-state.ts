import { derivePhase, findCondition, isLeaving, meaningOf, timelineStages, type VDISession } from '@vdi/api';

/** What the door can do with a session now. */
export type SessionState =
  | { readonly kind: 'running' }
  /** Stopped because somebody wanted so; `spec.suspended: false` brings it back. */
  | { readonly kind: 'suspended' }
  /** On its way, or waiting for something; `message` says what for. */
  | { readonly kind: 'starting'; readonly message: string }
  /** Stopped by the schedule of its template: resuming would not help. */
  | { readonly kind: 'outsideSchedule'; readonly message: string }
  /** Stays so until somebody changes something. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ended' };

/** Derived from conditions, and from what is wanted where the operator has not seen it yet. */
export function sessionState(session: VDISession): SessionState {
  const phase = derivePhase(session);
  const conditions = session.status?.conditions;
  const message = session.status?.message ?? '';
  if (isLeaving(session)) return { kind: 'ended' };
  if (session.spec.suspended === true) return { kind: 'suspended' };
  if (phase === 'Running') return { kind: 'running' };
  if (phase === 'Failed') {
    const failed = conditions?.find(
      ({ type, status, reason }) => status === 'False' && meaningOf(type, reason)?.isFailure === true,
    );
    return { kind: 'failed', message: failed?.message ?? message };
  }
  const ready = findCondition(conditions, 'Ready');
  if (ready?.reason === 'OutsideSchedule') return { kind: 'outsideSchedule', message: ready.message };
  return { kind: 'starting', message };
}

/** One line of the progress page. */
export interface Stage {
  readonly stage: string;
  readonly title: string;
  readonly isReached: boolean;
}

const titles: Readonly<Record<(typeof timelineStages)[number], string>> = {
  Accepted: 'Request accepted',
  HomeReady: 'Home folder ready',
  Scheduled: 'Place found',
  ImagePulled: 'Image present',
  DisplayReady: 'Screen running',
  DesktopReady: 'Desktop open',
  Ready: 'Ready to use',
  FirstFrame: 'First picture',
};

/** The stages of a start up to the moment when the browser can go on; none is reached while the session is suspended. */
export function stagesOf(session: VDISession): readonly Stage[] {
  const isStopped = session.spec.suspended === true || derivePhase(session) === 'Suspended';
  const reached = new Set(isStopped ? [] : session.status?.timeline?.map(({ stage }) => stage));
  return timelineStages
    .filter((stage) => stage !== 'FirstFrame')
    .map((stage) => ({ stage, title: titles[stage], isReached: reached.has(stage) }));
}
