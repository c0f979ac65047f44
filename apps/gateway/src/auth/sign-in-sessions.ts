import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from './principal.ts';

/** What is known of somebody when they sign in; when that ends is decided here. */
type SignedIn = Omit<Principal, 'expiresAt' | 'signal'>;

/** Who is signed in, in the memory of this process: a restart asks everybody to sign in again. */
export interface SignInSessions extends Disposable {
  /** Returns the secret for the browser's cookie. */
  start(person: SignedIn, idToken: string): string;
  find(secret: string): Principal | undefined;
  /** Signs out. Returns the ID token that began it, if there was somebody to sign out. */
  end(secret: string): string | undefined;
  /** Ends what has expired, and everything of those who are locked out, so that what runs in their name ends too. */
  sweep(isLockedOut: (person: SignedIn) => boolean): void;
}

interface Session {
  readonly principal: Principal;
  readonly idToken: string;
  readonly ended: AbortController;
}

/** Beyond it the oldest is signed out. */
const mostSessions = 50_000;

export function createSignInSessions(options: {
  readonly lifetimeMs: number;
  readonly now: () => Date;
}): SignInSessions {
  const { lifetimeMs, now } = options;
  // Under the hash of its secret: who reads this memory, or times look-ups, learns no secret.
  const sessions = new Map<string, Session>();
  const end = (key: string): Session | undefined => {
    const session = sessions.get(key);
    sessions.delete(key);
    session?.ended.abort(new Error('The sign-in has ended'));
    return session;
  };
  const hasExpired = ({ principal }: Session): boolean => principal.expiresAt <= now();
  return {
    start(person, idToken) {
      const secret = randomBytes(32).toString('base64url');
      const ended = new AbortController();
      const expiresAt = new Date(now().getTime() + lifetimeMs);
      sessions.set(keyOf(secret), { principal: { ...person, expiresAt, signal: ended.signal }, idToken, ended });
      if (sessions.size > mostSessions) end(sessions.keys().next().value ?? '');
      return secret;
    },
    find(secret) {
      const key = keyOf(secret);
      const session = sessions.get(key);
      if (session === undefined || !hasExpired(session)) return session?.principal;
      end(key);
      return undefined;
    },
    end: (secret) => end(keyOf(secret))?.idToken,
    sweep(isLockedOut) {
      for (const [key, session] of sessions) {
        if (hasExpired(session) || isLockedOut(session.principal)) end(key);
      }
    },
    [Symbol.dispose]() {
      for (const key of sessions.keys()) end(key);
    },
  };
}

function keyOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
