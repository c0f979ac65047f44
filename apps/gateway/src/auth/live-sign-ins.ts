import type { Principal } from './principal.ts';
import type { SignedInPerson } from './sign-in-record.ts';

/** Whoever is signed in now, by cookie or by token: what runs in their name ends with their entry here. */
export interface LiveSignIns extends Disposable {
  /** Returns the one that is there, if there is one of this key. */
  begin(key: string, person: SignedInPerson, expiresAt: Date): Principal;
  find(key: string): Principal | undefined;
  end(key: string): void;
  /** Ends what has expired, and everything of those who are locked out; returns the latter. */
  sweep(isLockedOut: (person: SignedInPerson) => boolean): readonly Principal[];
}

interface Entry {
  readonly principal: Principal;
  readonly ended: AbortController;
}

/** Beyond it the oldest is ended. */
const mostEntries = 50_000;

export function createLiveSignIns(now: () => Date): LiveSignIns {
  const entries = new Map<string, Entry>();
  const end = (key: string): void => {
    const entry = entries.get(key);
    entries.delete(key);
    entry?.ended.abort(new Error('The sign-in has ended'));
  };
  const find = (key: string): Principal | undefined => {
    const principal = entries.get(key)?.principal;
    if (principal === undefined || principal.expiresAt > now()) return principal;
    end(key);
    return undefined;
  };
  return {
    find,
    end,
    begin(key, person, expiresAt) {
      const found = find(key);
      if (found !== undefined) return found;
      const ended = new AbortController();
      const principal: Principal = { ...person, expiresAt, signal: ended.signal };
      entries.set(key, { principal, ended });
      if (entries.size > mostEntries) end(entries.keys().next().value ?? '');
      return principal;
    },
    sweep(isLockedOut) {
      const lockedOut: Principal[] = [];
      for (const [key, { principal }] of entries) {
        if (isLockedOut(principal)) lockedOut.push(principal);
        else if (principal.expiresAt > now()) continue;
        end(key);
      }
      return lockedOut;
    },
    [Symbol.dispose]() {
      for (const key of entries.keys()) end(key);
    },
  };
}
