import { formatQuantity, isTrue, parseQuantity, type VDISession } from '@vdi/api';
import type { Conclusion } from './conclusion.ts';
import { effectiveQuota } from '../user/effective-quota.ts';
import { addUsage, type Usage, usageOf } from '../user/usage.ts';
import type { SessionInput, Sibling } from './input.ts';

/**
 * Whether there is room for this session beside those of the user that came before it. Only asked while it has no Pod: a
 * running desktop is not taken away because a quota shrank.
 */
export function quotaExceeded(input: SessionInput): Conclusion<'Accepted'> | undefined {
  const { session, user, settings, pods } = input;
  if (pods.length > 0) return undefined;
  const quota = effectiveQuota(user, settings.defaultQuota);
  const before = input.siblings.filter((sibling) => comesBefore(sibling.session, session));
  const own = usage({ session, template: input.template }, input);
  const used = before.map((sibling) => usage(sibling, input)).reduce(addUsage, own);
  const full = amounts(used).find(([name, amount]) => {
    const limit = quota[name];
    return limit !== undefined && amount > parseQuantity(limit);
  });
  if (full === undefined) return undefined;
  const [name, amount] = full;
  return {
    reason: 'QuotaExceeded',
    message: `With this session "${session.spec.user}" would hold ${shown(name, amount)} of ${titles[name]}, and the quota is ${String(quota[name])}. It starts when another session ends${name === 'sessions' ? '' : ' or is suspended'}, or when an administrator raises the quota.`,
  };
}

/** Running ones keep what they hold, then accepted ones their room, then the older comes first: every observer agrees. */
function comesBefore(other: VDISession, session: VDISession): boolean {
  if (other.metadata.deletionTimestamp !== undefined) return false;
  return precedence(other) < precedence(session);
}

function precedence(session: VDISession): string {
  const holds = session.status?.podName === undefined ? 1 : 0;
  const isAccepted = isTrue(session.status?.conditions, 'Accepted') ? 0 : 1;
  return `${holds}${isAccepted} ${rank(session)}`;
}

function rank({ metadata }: VDISession): string {
  return `${metadata.creationTimestamp} ${metadata.namespace}/${metadata.name}`;
}

function usage(sibling: Sibling, { user, settings }: SessionInput): Usage {
  return usageOf(sibling, user, settings);
}

type Measure = Exclude<keyof Usage, 'storage'>;

const titles: Readonly<Record<Measure, string>> = {
  sessions: 'sessions',
  gpu: 'GPU slices',
  cpu: 'CPU cores',
  memory: 'memory',
};

function amounts(used: Usage): readonly (readonly [Measure, number])[] {
  return (['sessions', 'gpu', 'cpu', 'memory'] as const).map((name) => [name, used[name]] as const);
}

function shown(name: Measure, amount: number): string {
  if (name === 'memory') return formatQuantity(amount, 'bytes');
  return name === 'cpu' ? formatQuantity(amount, 'cores') : String(amount);
}
