/** Slows down whoever guesses the password of one name. */
export interface SignInThrottle {
  /** Seconds until the name may be tried again; 0 means now. */
  waitSeconds(user: string): number;
  failed(user: string): void;
  succeeded(user: string): void;
}

interface Failures {
  count: number;
  blockedUntil: number;
  forgottenAt: number;
}

const freeAttempts = 5;
const firstWaitMs = 30_000;
const longestWaitMs = 15 * 60_000;
const memoryMs = 60 * 60_000;
/** Names are typed by strangers, so their number has a limit; the oldest is forgotten first. */
const mostNames = 10_000;
const longestName = 254;

/**
 * After five failures a name waits 30 seconds, then twice as long after each further one, up to 15 minutes. Failures are
 * forgotten after an hour.
 */
export function createSignInThrottle(now: () => Date): SignInThrottle {
  const names = new Map<string, Failures>();
  const keyOf = (user: string): string => user.normalize('NFC').trim().toLowerCase().slice(0, longestName);
  const known = (key: string): Failures | undefined => {
    const failures = names.get(key);
    return failures !== undefined && failures.forgottenAt > now().getTime() ? failures : undefined;
  };
  return {
    waitSeconds: (user) => Math.max(0, Math.ceil(((known(keyOf(user))?.blockedUntil ?? 0) - now().getTime()) / 1_000)),
    failed(user) {
      const key = keyOf(user);
      const count = (known(key)?.count ?? 0) + 1;
      const beyond = count - freeAttempts;
      const waitMs = beyond < 0 ? 0 : Math.min(longestWaitMs, firstWaitMs * 2 ** beyond);
      const time = now().getTime();
      names.delete(key);
      names.set(key, { count, blockedUntil: time + waitMs, forgottenAt: time + memoryMs });
      if (names.size > mostNames) names.delete(names.keys().next().value ?? '');
    },
    succeeded: (user) => void names.delete(keyOf(user)),
  };
}
