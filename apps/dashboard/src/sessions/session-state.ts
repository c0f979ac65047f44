import type { Session } from './session.ts';

/** What somebody sees of a session: one of six states, each with a word and a colour. */
export type SessionState = 'starting' | 'running' | 'suspending' | 'suspended' | 'ending' | 'failed';

/**
 * The state to show. The wish (`suspended`, deletion) counts at once, so that a press of a button is answered before the
 * operator has acted on it.
 */
export function sessionState(session: Session): SessionState {
  const { phase } = session.status;
  if (session.isDeleting || phase === 'Terminating') return 'ending';
  if (phase === 'Failed') return 'failed';
  if (session.spec.isSuspended) return phase === 'Suspended' ? 'suspended' : 'suspending';
  if (phase === 'Running') return 'running';
  // The schedule of a template suspends sessions that nobody asked to suspend; they wait for its hours.
  return phase === 'Suspended' && isOutsideSchedule(session) ? 'suspended' : 'starting';
}

function isOutsideSchedule(session: Session): boolean {
  return session.status.conditions.some(({ type, reason }) => type === 'Ready' && reason === 'OutsideSchedule');
}

export const stateWords: Readonly<Record<SessionState, string>> = {
  starting: 'Starting',
  running: 'Running',
  suspending: 'Suspending',
  suspended: 'Suspended',
  ending: 'Ending',
  failed: 'Failed',
};
