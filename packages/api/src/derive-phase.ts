import { findCondition, isTrue } from './condition.ts';
import { type Phase } from './phase.ts';
import { type ConditionType, meaningOf, type ReasonOf } from './reasons.ts';
import type { VDISession } from './vdisession.ts';

/** One word for people, derived from conditions. Code decides by conditions, never by this. `Running` means `Ready=True`. */
export function derivePhase(session: Pick<VDISession, 'metadata' | 'status'>): Phase {
  const conditions = session.status?.conditions;
  if (session.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (isTrue(conditions, 'Ready')) return 'Running';
  const phaseOfReason = phasesByReason.get(findCondition(conditions, 'Ready')?.reason ?? '');
  if (phaseOfReason !== undefined) return phaseOfReason;
  if (failingConditions.some((type) => isFailure(session, type))) return 'Failed';
  return isTrue(conditions, 'Accepted') ? 'Creating' : 'Pending';
}

/** Reasons of `Ready=False` that say more than that a start is under way. */
const phasesByReason: ReadonlyMap<string, Phase> = new Map<ReasonOf<'Ready'>, Phase>([
  ['Expired', 'Terminating'],
  ['Terminating', 'Terminating'],
  // Until the Pod is gone there is a desktop that ends.
  ['Suspending', 'Terminating'],
  ['Suspended', 'Suspended'],
  ['OutsideSchedule', 'Suspended'],
]);

/**
 * Whether the session itself is going: deletion was asked for, or its time is over. A session of phase `Terminating` may
 * also be one whose desktop is being stopped to be suspended; that one stays.
 */
export function isLeaving({ metadata, status }: Pick<VDISession, 'metadata' | 'status'>): boolean {
  if (metadata.deletionTimestamp !== undefined) return true;
  const reason = findCondition(status?.conditions, 'Ready')?.reason;
  return reason === 'Expired' || reason === 'Terminating';
}

const failingConditions: readonly ConditionType[] = ['Accepted', 'HomeReady', 'Ready'];

function isFailure(session: Pick<VDISession, 'status'>, type: ConditionType): boolean {
  const condition = findCondition(session.status?.conditions, type);
  return condition?.status === 'False' && meaningOf(type, condition.reason)?.isFailure === true;
}
