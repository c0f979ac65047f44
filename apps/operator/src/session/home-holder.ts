import { findCondition, labels, meaningOf, type VDISession } from '@vdi/api';
import { hasEnded } from '@vdi/kube';
import { mounts } from '../objects/pod.ts';
import type { SessionInput, Sibling } from './input.ts';

/**
 * The name of the other session that has the home, or that comes before this one when nobody has it; undefined when this
 * one may take it. Every observer of the same state gives the home to the same session.
 */
export function homeHolder(input: SessionInput, claimName: string): string | undefined {
  const { session, pods, siblingPods } = input;
  const holding = siblingPods.find((pod) => !hasEnded(pod) && mounts(pod, claimName));
  if (holding !== undefined) return holding.metadata.labels?.[labels.session] ?? holding.metadata.name;
  if (pods.some((pod) => !hasEnded(pod) && mounts(pod, claimName))) return undefined;
  return input.siblings
    .filter((sibling) => isInNamespaceOf(session, sibling.session) && wantsHome(sibling, claimName))
    .map((sibling) => sibling.session)
    .filter((other) => rank(other) < rank(session))
    .sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
    .at(0)?.metadata.name;
}

function isInNamespaceOf(session: VDISession, other: VDISession): boolean {
  return session.metadata.namespace === other.metadata.namespace;
}

/** A sibling that is on its way to a Pod with the home: it has been accepted, and nothing makes it wait. */
function wantsHome({ session, template }: Sibling, claimName: string): boolean {
  const { spec, status, metadata } = session;
  if (metadata.deletionTimestamp !== undefined || spec.suspended === true || template === undefined) return false;
  if (!(spec.persistence?.enabled ?? template.spec.persistence?.enabled ?? true)) return false;
  if (status?.homeClaim !== undefined && status.homeClaim !== claimName) return false;
  return !isHeldBack(session, 'Accepted') && !isHeldBack(session, 'Ready');
}

/** Refused, suspended, failed: it will not take the home before something changes. */
function isHeldBack({ status }: VDISession, type: 'Accepted' | 'Ready'): boolean {
  const condition = findCondition(status?.conditions, type);
  if (condition === undefined || condition.status === 'True') return false;
  if (type === 'Accepted') return true;
  return meaningOf(type, condition.reason)?.isFailure === true || pausing.has(condition.reason);
}

const pausing: ReadonlySet<string> = new Set(['Suspended', 'Suspending', 'OutsideSchedule', 'Expired', 'Terminating']);

function rank({ metadata }: VDISession): string {
  return `${metadata.creationTimestamp} ${metadata.name}`;
}
