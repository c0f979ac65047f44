import type { VDISessionStatus } from '@vdi/api';
import type { Deadlines } from './deadlines.ts';

type Activity = Pick<VDISessionStatus, 'lastActivityTime' | 'idleDeadline'>;

const coarsestMs = 60_000;

/**
 * Activity as published: moved on only in steps, because somebody who types would else cost a write with every look at the
 * agent. Decisions use the exact times.
 */
export function steadyActivity(
  stored: Activity | undefined,
  { lastActivityAt, idleAt }: Deadlines,
  idleTimeoutMs: number | undefined,
): { readonly [Field in keyof Activity]: Activity[Field] | undefined } {
  const stepMs = Math.min(coarsestMs, (idleTimeoutMs ?? Infinity) / 4);
  return {
    lastActivityTime: steady(stored?.lastActivityTime, lastActivityAt, stepMs),
    idleDeadline: steady(stored?.idleDeadline, idleAt, stepMs),
  };
}

function steady(stored: string | undefined, exact: Date | undefined, stepMs: number): string | undefined {
  if (exact === undefined) return undefined;
  if (stored !== undefined && Math.abs(exact.getTime() - Date.parse(stored)) < stepMs) return stored;
  return exact.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
