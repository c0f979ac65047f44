import type { Probe } from '@vdi/kube';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

/** How far a probe has come. */
export interface ProbeState {
  readonly successes: number;
  readonly failures: number;
  /** Undefined until one of the thresholds was reached for the first time. */
  readonly passing: boolean | undefined;
}

export const untried: ProbeState = { successes: 0, failures: 0, passing: undefined };

/** Until something has answered for the first time it is asked this often, so that a start takes tenths of a second. */
const eagerPeriodMs = 100;
/** After so long without a first success even a probe that could be eager keeps its period. */
const eagerForMs = 60_000;

/** The state after one more result; thresholds count results in a row. */
export function afterResult(state: ProbeState, ok: boolean, probe: Probe, kind: ProbeKind): ProbeState {
  const successes = ok ? state.successes + 1 : 0;
  const failures = ok ? 0 : state.failures + 1;
  // Kubernetes fixes the success threshold of the other two at 1.
  const needed = kind === 'readiness' ? (probe.successThreshold ?? 1) : 1;
  if (ok) return { successes, failures, passing: successes >= needed ? true : state.passing };
  return { successes, failures, passing: failures >= (probe.failureThreshold ?? 3) ? false : state.passing };
}

/**
 * Milliseconds until the next try. A container that has not answered yet is asked ten times a second: for a startup
 * probe such early failures do not count (see `countsAsFailure`), for readiness they change nothing.
 */
export function delayToNext(probe: Probe, kind: ProbeKind, state: ProbeState, sinceStartMs: number): number {
  const periodMs = Math.max(1, probe.periodSeconds ?? 10) * 1000;
  const isEager = kind !== 'liveness' && state.passing !== true && sinceStartMs < eagerForMs;
  return isEager ? Math.min(eagerPeriodMs, periodMs) : periodMs;
}

/** Milliseconds from the container's start to the first try. */
export const delayToFirst = (probe: Probe): number => (probe.initialDelaySeconds ?? 0) * 1000;

/** Failures count once per period, however often we ask in between: the Pod's owner chose the threshold for that. */
export function countsAsFailure(probe: Probe, sinceLastCountedMs: number): boolean {
  const periodMs = Math.max(1, probe.periodSeconds ?? 10) * 1000;
  return sinceLastCountedMs >= periodMs;
}
