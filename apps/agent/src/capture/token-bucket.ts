/**
 * Limits a rate without delaying the leading edge: `burst` frames may leave at once, further ones at `perSecond`.
 * It has no timer; the caller passes the time.
 */
export interface TokenBucket {
  /** The earliest moment from `nowMs` on at which `take` succeeds. */
  availableAt(nowMs: number): number;
  /** Takes a token if there is one. */
  take(nowMs: number): boolean;
  setRate(perSecond: number): void;
}

export function createTokenBucket(options: { readonly burst: number; readonly perSecond: number }): TokenBucket {
  const { burst } = options;
  let { perSecond } = options;
  let tokens = burst;
  let countedAtMs = -Infinity;

  const count = (nowMs: number): void => {
    const elapsedMs = Math.max(0, nowMs - countedAtMs);
    tokens = Math.min(burst, tokens + (elapsedMs * perSecond) / 1000);
    countedAtMs = Math.max(countedAtMs, nowMs);
  };
  return {
    availableAt(nowMs) {
      count(nowMs);
      return hasToken(tokens) ? nowMs : nowMs + ((1 - tokens) * 1000) / perSecond;
    },
    take(nowMs) {
      count(nowMs);
      if (!hasToken(tokens)) return false;
      tokens = Math.max(0, tokens - 1);
      return true;
    },
    setRate(next) {
      perSecond = next;
    },
  };
}

/** Rounding may leave a token a hair short at the very moment it was promised for. */
function hasToken(tokens: number): boolean {
  return tokens > 1 - 1e-6;
}
