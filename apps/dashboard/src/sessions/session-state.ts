import type { Session } from './session.ts';

/** What somebody sees of a session: one of seven states, each with a word and a colour. */
export type SessionState = 'starting' | 'waiting' | 'running' | 'suspending' | 'suspended' | 'ending' | 'failed';

/** What every start goes through. A start that stops for another reason waits for something, and should say so. */
export const passingReasons: ReadonlySet<string> = new Set([
  'HomePending',
  'PodNotCreated',
  'WaitingForScheduler',
  'Scheduled',
  'PodNotRunning',
  'ImagePulling',
  'DisplayStarting',
  'DesktopStarting',
  // Left over from before somebody pressed Resume.
  'Suspended',
]);
const startConditions = ['Accepted', 'HomeReady', 'Scheduled', 'DisplayReady', 'DesktopReady'] as const;

/**
 * The state to show. The wish (`suspended`, deletion) counts at once, so that a press of a button is answered before the
 * operator has acted on it.
 */
export function sessionState(session: Session): SessionState {
  const { phase } = session.status;
  if (session.isDeleting) return 'ending';
  if (phase === 'Failed') return 'failed';
  if (session.spec.isSuspended) return phase === 'Suspended' ? 'suspended' : 'suspending';
  // A desktop also stops when its template's hours end, and it comes back.
  if (phase === 'Terminating') return hasReadyReason(session, 'Suspending') ? 'suspending' : 'ending';
  if (phase === 'Running') return 'running';
  // The schedule of a template suspends sessions that nobody asked to suspend; they wait for its hours.
  if (phase === 'Suspended' && hasReadyReason(session, 'OutsideSchedule')) return 'suspended';
  return obstacleOf(session) === undefined ? 'starting' : 'waiting';
}

/** Why a start does not go on by itself: the message of the first condition that is false for another reason than time. */
export function obstacleOf({ status: { conditions } }: Session): string | undefined {
  const obstacles = startConditions.flatMap((type) =>
    conditions.filter((one) => one.type === type && one.status === 'False' && !passingReasons.has(one.reason)),
  );
  return obstacles[0]?.message;
}

/** Whether the condition `Ready` has this reason. */
function hasReadyReason(session: Session, why: string): boolean {
  return session.status.conditions.some(({ type, reason }) => type === 'Ready' && reason === why);
}

export const stateWords: Readonly<Record<SessionState, string>> = {
  starting: 'Starting',
  waiting: 'Waiting',
  running: 'Running',
  suspending: 'Suspending',
  suspended: 'Suspended',
  ending: 'Ending',
  failed: 'Failed',
};
