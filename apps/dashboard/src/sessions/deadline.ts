import { formatSpan } from '../time/format-elapsed.ts';
import type { Session } from './session.ts';

const soonMs = 15 * 60_000;

/** The next thing that happens to a session by itself. */
export interface Deadline {
  readonly text: string;
  readonly at: string;
  /** Within a quarter of an hour. */
  readonly isSoon: boolean;
}

/** The nearer of the end of the session and of its idle time, if it has any. */
export function nextDeadline(session: Session, now: number): Deadline | undefined {
  const { expiresAt, idleDeadline } = session.status;
  const candidates = [
    ...(expiresAt === undefined ? [] : [{ at: expiresAt, what: 'Ends' }]),
    ...(idleDeadline === undefined || session.spec.isSuspended ? [] : [{ at: idleDeadline, what: 'Idle stop' }]),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const [next] = candidates;
  if (next === undefined) return undefined;
  const restMs = Date.parse(next.at) - now;
  return {
    at: next.at,
    isSoon: restMs < soonMs,
    text: restMs <= 0 ? `${next.what} now` : `${next.what} in ${formatSpan(restMs)}`,
  };
}
