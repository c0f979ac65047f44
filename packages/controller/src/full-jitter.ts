/**
 * How long to wait before retry number `attempt` (from 0): anything up to `baseMs × 2^attempt`, so that those who failed
 * together do not come back together. Source: Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function fullJitterMs(attempt: number, limits: { baseMs: number; maxMs: number }, random: () => number): number {
  return random() * exponentialMs(attempt, limits);
}

/** `baseMs × 2^attempt`, at most `maxMs`. */
export function exponentialMs(attempt: number, { baseMs, maxMs }: { baseMs: number; maxMs: number }): number {
  return Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 1000));
}
