import { randomBytes } from 'node:crypto';
import type { Principal } from '../auth/principal.ts';
import { createSeal } from '../auth/seal.ts';
import type { SignInSessions } from '../auth/sign-in-sessions.ts';
import type { Grant } from './one-time-codes.ts';

export interface DoorCookies {
  /** Value of `Set-Cookie` for a browser that came with a good code. */
  issue(grant: Grant<Principal>): string;
  /** Whose cookie the request carries, as long as that person is signed in; only at the host it was given to. */
  read(cookieHeader: string | undefined, label: string): Grant<Principal> | undefined;
}

export interface DoorCookieOptions {
  readonly name: string;
  /** 256 random bits that seal the cookies. */
  readonly cookieKey: Buffer;
  /** Finds the sign-in of a cookie that was given out before a restart. */
  readonly signIns: Pick<SignInSessions, 'textOf' | 'findByText'>;
  readonly now: () => Date;
}

/** What is sealed in a cookie. */
interface Pass {
  readonly id: string;
  readonly session: string;
  readonly label: string;
  /** Absent where the sign-in cannot outlive the process. */
  readonly signIn?: string;
}

/** The oldest give way: most of them are found again by what is sealed in them, the rest get another from the dashboard. */
const cookieLimit = 50_000;

/**
 * Host-only cookies. `__Host-` keeps other hosts of the domain from setting or receiving them; `Lax`, because browsers
 * leave `Strict` cookies out of the request that a redirect from the dashboard leads to.
 */
export function createDoorCookies({ name, cookieKey, signIns, now }: DoorCookieOptions): DoorCookies {
  const seal = createSeal(cookieKey, `door ${name}`);
  const grants = new Map<string, Grant<Principal>>();
  const keep = (id: string, grant: Grant<Principal>): void => {
    for (const oldest of grants.keys()) {
      if (grants.size < cookieLimit) break;
      grants.delete(oldest);
    }
    grants.set(id, grant);
    grant.principal.signal.addEventListener('abort', () => grants.delete(id), { once: true });
  };
  const findAgain = ({ id, session, label, signIn }: Pass): Grant<Principal> | undefined => {
    const principal = signIn === undefined ? undefined : signIns.findByText(signIn);
    if (principal === undefined) return undefined;
    const grant = { principal, session, label };
    keep(id, grant);
    return grant;
  };
  return {
    issue(grant) {
      const id = randomBytes(16).toString('base64url');
      keep(id, grant);
      const { principal, session, label } = grant;
      const signIn = signIns.textOf(principal);
      const pass: Pass = { id, session, label, ...(signIn === undefined ? {} : { signIn }) };
      return `${name}=${seal.close(JSON.stringify(pass))}; Path=/; Secure; HttpOnly; SameSite=Lax`;
    },
    read(cookieHeader, label) {
      const values = cookiesOf(cookieHeader).filter((cookie) => cookie.name === name);
      const [cookie] = values;
      const text = values.length === 1 && cookie !== undefined ? seal.open(cookie.value) : undefined;
      if (text === undefined) return undefined;
      const pass = JSON.parse(text) as Pass;
      const grant = pass.label === label ? (grants.get(pass.id) ?? findAgain(pass)) : undefined;
      if (grant === undefined) return undefined;
      const { signal, expiresAt } = grant.principal;
      return signal.aborted || expiresAt <= now() ? undefined : grant;
    },
  };
}

/** The name and value of each cookie of a `Cookie` header, in its order. */
export function cookiesOf(header: string | undefined): readonly { readonly name: string; readonly value: string }[] {
  return (header ?? '').split(';').flatMap((part) => {
    const text = part.trim();
    const equals = text.indexOf('=');
    return equals < 1 ? [] : [{ name: text.slice(0, equals).trim(), value: text.slice(equals + 1).trim() }];
  });
}
