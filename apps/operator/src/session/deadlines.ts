import { findCondition, isTrue } from '@vdi/api';
import type { SessionInput } from './input.ts';
import { type ScheduleState, scheduleState } from './schedule.ts';
import type { WantedDesktop } from './wanted-desktop.ts';

/** Moments at which something becomes due, all computed from what is stored: nothing is counted in memory. */
export interface Deadlines {
  /** When the first Pod was created. */
  readonly startTime: Date | undefined;
  readonly expiresAt: Date | undefined;
  readonly lastActivityAt: Date | undefined;
  readonly idleAt: Date | undefined;
  /** When the start under way has taken too long. */
  readonly startFailsAt: Date | undefined;
  readonly schedule: ScheduleState | undefined;
}

export function deadlinesOf(input: SessionInput, wanted: WantedDesktop | undefined, now: Date): Deadlines {
  const { status } = input.session;
  const startTime = startTimeOf(input);
  const lastActivityAt = latest(dateOf(status?.lastActivityTime), dateOf(input.agent?.status?.lastInputAt));
  const schedule = wanted?.template.lifecycle.schedule;
  return {
    startTime,
    expiresAt: expiry(input, wanted, startTime),
    lastActivityAt,
    idleAt: idleDeadline(input, wanted, lastActivityAt),
    startFailsAt: startDeadline(input, wanted),
    schedule: schedule === undefined ? undefined : scheduleState(schedule, now),
  };
}

function startTimeOf({ session, pods }: SessionInput): Date | undefined {
  const stored = dateOf(session.status?.startTime);
  if (stored !== undefined) return stored;
  const created = pods.flatMap(({ metadata }) => dateOf(metadata.creationTimestamp)?.getTime() ?? []);
  return created.length === 0 ? undefined : new Date(Math.min(...created));
}

/** Without its template a session keeps the end that it was given. */
function expiry(
  { session }: SessionInput,
  wanted: WantedDesktop | undefined,
  startTime: Date | undefined,
): Date | undefined {
  if (wanted === undefined) return dateOf(session.status?.expiresAt);
  return startTime === undefined || wanted.timeoutMs === undefined ? undefined : later(startTime, wanted.timeoutMs);
}

/** Counted from the last input, but never from before this desktop was ready. */
function idleDeadline(
  { session }: SessionInput,
  wanted: WantedDesktop | undefined,
  lastActivityAt: Date | undefined,
): Date | undefined {
  const conditions = session.status?.conditions;
  if (wanted?.idleTimeoutMs === undefined || !isTrue(conditions, 'Ready')) return undefined;
  const readySince = dateOf(findCondition(conditions, 'Ready')?.lastTransitionTime);
  const since = latest(readySince, lastActivityAt);
  return since === undefined ? undefined : later(since, wanted.idleTimeoutMs);
}

/** Only until the desktop is ready for the first time in a start: what breaks later is mended without end. */
function startDeadline({ session, pods }: SessionInput, wanted: WantedDesktop | undefined): Date | undefined {
  const { status } = session;
  if (wanted === undefined || status?.podName === undefined || pods.length === 0) return undefined;
  const reached = (stage: string): string | undefined => status.timeline?.find((one) => one.stage === stage)?.at;
  const begun = dateOf(reached('HomeReady') ?? reached('Accepted'));
  if (begun === undefined || reached('Ready') !== undefined) return undefined;
  return later(begun, wanted.startDeadlineMs);
}

/** Whether that moment has come. */
export function isDue(moment: Date | undefined, now: Date): boolean {
  return moment !== undefined && moment.getTime() <= now.getTime();
}

function dateOf(timestamp: string | undefined): Date | undefined {
  return timestamp === undefined ? undefined : new Date(timestamp);
}

function later(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}

function latest(one: Date | undefined, other: Date | undefined): Date | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one.getTime() >= other.getTime() ? one : other;
}
