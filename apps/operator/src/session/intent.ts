import { type Conclusion, hasReason } from './conclusion.ts';
import { isDue } from './deadlines.ts';
import type { Findings } from './findings.ts';
import type { SessionInput } from './input.ts';
import type { WantedDesktop } from './wanted-desktop.ts';

/** What is to become of the desktop now. */
export type Intent =
  | { readonly type: 'run' }
  /** Something stands against a start: what runs goes on, nothing new begins. */
  | { readonly type: 'hold' }
  /** No Pod, until something changes. */
  | { readonly type: 'stop'; readonly why: Conclusion<'Ready'> }
  /** Nobody was there: the session is to say so itself, so that it can be resumed like any other. */
  | { readonly type: 'suspend' }
  | { readonly type: 'delete'; readonly why: Conclusion<'Ready'> };

export function intentOf(input: SessionInput, findings: Findings, now: Date): Intent {
  const { session } = input;
  const { accepted, homeBlocker, wanted, deadlines } = findings;
  if (isDue(deadlines.expiresAt, now)) {
    return {
      type: 'delete',
      why: { reason: 'Expired', message: 'The timeout has passed. The session is being deleted; the home stays.' },
    };
  }
  if (session.spec.suspended === true) return { type: 'stop', why: suspended };
  if (deadlines.schedule?.isActive === false) return { type: 'stop', why: outsideSchedule(wanted) };
  if (isDue(deadlines.idleAt, now)) return idleIntent(wanted);
  if (hasFailed(input) || isDue(deadlines.startFailsAt, now)) return { type: 'stop', why: startFailed(input) };
  return accepted.reason === 'Accepted' && homeBlocker === undefined ? { type: 'run' } : { type: 'hold' };
}

const suspended: Conclusion<'Ready'> = {
  reason: 'Suspended',
  message:
    'The desktop is stopped; home, host name and route wait. Set spec.suspended to false, or visit the URL, to resume it.',
};

function outsideSchedule(wanted: WantedDesktop | undefined): Conclusion<'Ready'> {
  const { active = [], timeZone = 'UTC' } = wanted?.template.lifecycle.schedule ?? {};
  return {
    reason: 'OutsideSchedule',
    message: `The template allows desktops in these hours only: ${active.join(', ')} (${timeZone}). The desktop comes back by itself.`,
  };
}

function idleIntent(wanted: WantedDesktop | undefined): Intent {
  if (wanted?.template.lifecycle.idleAction !== 'terminate') return { type: 'suspend' };
  const message =
    'Nobody used the desktop for the idle time of its template. The session is being deleted; the home stays.';
  return { type: 'delete', why: { reason: 'Expired', message } };
}

/** Stays so until the session is changed, or suspended and resumed: trying for ever would hide the failure. */
function hasFailed({ session: { metadata, status } }: SessionInput): boolean {
  if (!hasReason(status?.conditions, 'Ready', 'StartDeadlineExceeded')) return false;
  return status?.observedGeneration === metadata.generation;
}

function startFailed({ session: { status } }: SessionInput): Conclusion<'Ready'> {
  const blocking = status?.conditions?.find(
    ({ type, status: value }) => value !== 'True' && ['Scheduled', 'DisplayReady', 'DesktopReady'].includes(type),
  );
  const stored = status?.conditions?.find(({ reason }) => reason === 'StartDeadlineExceeded')?.message;
  const last = blocking === undefined ? '' : ` Last seen: ${blocking.message}`;
  return {
    reason: 'StartDeadlineExceeded',
    message:
      stored ??
      `The desktop was not ready within the start deadline.${last} Mend that, then suspend and resume the session, or delete it.`,
  };
}
