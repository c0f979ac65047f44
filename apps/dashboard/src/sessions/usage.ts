import { parseQuantity } from '@vdi/api';
import type { Me } from '../shell/me.tsx';
import { formatMemory } from '../templates/amounts.ts';

/** One line of the quota. */
export interface UsageLine {
  readonly label: string;
  /** Such as `2 of 4`; without a limit, what is used alone. */
  readonly text: string;
  /** Between 0 and 1; undefined without a limit. */
  readonly share: number | undefined;
}

/**
 * What is used against what is allowed. The number of sessions is counted from the watch, which is ahead of the record;
 * lines that have neither a use nor a limit are left out.
 */
export function usageLines(account: Me['account'], sessionCount: number): readonly UsageLine[] {
  const quota = account?.spec.quota;
  const usage = account?.status.usage;
  const lines = [
    usageLine('Desktops', sessionCount, quota?.sessions, String),
    usageLine('CPU', usage?.cpu, quota?.cpu, (cores) => String(Math.round(cores * 10) / 10)),
    usageLine('Memory', usage?.memory, quota?.memory, formatMemory),
    usageLine('GPU', usage?.gpu, quota?.gpu, String),
  ];
  return lines.filter((line) => line !== undefined);
}

type Amount = string | number | null | undefined;

function usageLine(
  label: string,
  used: Amount,
  limit: Amount,
  format: (amount: number) => string,
): UsageLine | undefined {
  const usedAmount = parseQuantity(used ?? 0);
  if (limit === null || limit === undefined) {
    return usedAmount === 0 ? undefined : { label, text: format(usedAmount), share: undefined };
  }
  const most = parseQuantity(limit);
  return {
    label,
    text: `${format(usedAmount)} of ${format(most)}`,
    share: most === 0 ? 1 : Math.min(1, usedAmount / most),
  };
}
