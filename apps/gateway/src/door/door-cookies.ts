import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '../auth/principal.ts';
import type { Grant } from './one-time-codes.ts';

export interface DoorCookies {
  /** Value of `Set-Cookie` for a browser that came with a good code. */
  issue(grant: Grant<Principal>): string;
  /** Whose cookie the request carries, as long as that person is signed in; only at the host it was given to. */
  read(cookieHeader: string | undefined, label: string): Grant<Principal> | undefined;
}

const valuePattern = /^[\w-]{43}$/;
/** The oldest give way: their owners get another one from the dashboard without noticing. */
const cookieLimit = 50_000;

/**
 * Host-only cookies. `__Host-` keeps other hosts of the domain from setting or receiving them; `Lax`, because browsers
 * leave `Strict` cookies out of the request that a redirect from the dashboard leads to.
 */
export function createDoorCookies(options: { readonly name: string; readonly now: () => Date }): DoorCookies {
  const { name, now } = options;
  const grants = new Map<string, Grant<Principal>>();
  return {
    issue(grant) {
      const value = randomBytes(32).toString('base64url');
      const key = hash(value);
      for (const oldest of grants.keys()) {
        if (grants.size < cookieLimit) break;
        grants.delete(oldest);
      }
      grants.set(key, grant);
      grant.principal.signal.addEventListener('abort', () => grants.delete(key), { once: true });
      return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`;
    },
    read(cookieHeader, label) {
      const values = cookiesOf(cookieHeader).filter((cookie) => cookie.name === name);
      const [cookie] = values;
      if (values.length !== 1 || cookie === undefined || !valuePattern.test(cookie.value)) return undefined;
      const grant = grants.get(hash(cookie.value));
      if (grant === undefined || grant.label !== label) return undefined;
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

function hash(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}
