import type { EndReason } from './end-reason.ts';

/**
 * When to try again: exponential back-off with full jitter, so that thirty viewers that lost one agent do not come back
 * in the same instant.
 */
const firstCeilingMs = 500;
const visibleCeilingMs = 15_000;
const hiddenCeilingMs = 60_000;

/** A connection that lasted this long was a good one: what follows it counts as the first failure. */
const steadyMs = 10_000;

/**
 * Trying again cannot help with these until somebody does something. `session-ending` is one of them because a stopped
 * desktop starts when its page is opened, not when a forgotten page asks for it every fifteen seconds.
 */
const finalReasons: ReadonlySet<EndReason> = new Set([
  'session-ending',
  'signed-out',
  'access-denied',
  'session-gone',
  'unsupported-browser',
  'left',
]);

export interface ConnectionEnd {
  readonly reason: EndReason;
  readonly message?: string;
  /** The agent's advice; without it the reason decides. */
  readonly retry?: boolean;
  /** How long the picture was there, in milliseconds. */
  readonly streamedMs: number;
}

export type NextStep =
  | { readonly kind: 'give-up' }
  | { readonly kind: 'retry'; readonly failures: number; readonly delayMs: number };

/**
 * @param failures how many tries in a row had failed before this one
 * @param circumstances `random` is a number in [0, 1)
 */
export function nextStep(
  end: ConnectionEnd,
  failures: number,
  circumstances: { readonly random: number; readonly isHidden: boolean },
): NextStep {
  if (finalReasons.has(end.reason) || end.retry === false) return { kind: 'give-up' };
  const failuresNow = end.streamedMs >= steadyMs ? 1 : failures + 1;
  const ceiling = Math.min(
    circumstances.isHidden ? hiddenCeilingMs : visibleCeilingMs,
    firstCeilingMs * 2 ** Math.min(failuresNow - 1, 10),
  );
  return { kind: 'retry', failures: failuresNow, delayMs: Math.round(circumstances.random * ceiling) };
}
