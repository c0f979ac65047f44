import { randomBytes } from 'node:crypto';
import type { PendingLogin } from '@vdi/identity';

/** A sign-in between its two halves, and where it leads. */
interface LoginUnderWay {
  readonly pending: PendingLogin;
  /** A path here. */
  readonly returnTo: string;
}

/** Sign-ins that have begun. Each is of one browser, so that nobody is signed in by a link of somebody else. */
export interface PendingLogins {
  /** `browser` is the secret from the browser's cookie; returns it, or a new one. */
  begin(browser: string | undefined, login: LoginUnderWay): string;
  /** The sign-in with this state, once. */
  take(browser: string | undefined, state: string | null): LoginUnderWay | undefined;
}

export const pendingLifetimeSeconds = 600;
/** Anybody can begin to sign in; the oldest attempt is forgotten first. */
const mostPending = 10_000;
const browserSecret = /^[\w-]{43}$/;

export function createPendingLogins(now: () => Date): PendingLogins {
  const logins = new Map<string, LoginUnderWay & { readonly expiresAt: number }>();
  return {
    begin(known, login) {
      const browser = known !== undefined && browserSecret.test(known) ? known : randomBytes(32).toString('base64url');
      const expiresAt = now().getTime() + pendingLifetimeSeconds * 1_000;
      logins.set(`${browser} ${login.pending.state}`, { ...login, expiresAt });
      if (logins.size > mostPending) logins.delete(logins.keys().next().value ?? '');
      return browser;
    },
    take(browser, state) {
      const key = `${browser ?? ''} ${state ?? ''}`;
      const login = logins.get(key);
      logins.delete(key);
      return login !== undefined && login.expiresAt > now().getTime() ? login : undefined;
    },
  };
}
