import { randomBytes } from 'node:crypto';
import type { LiveSignIns } from './live-sign-ins.ts';
import type { Principal } from './principal.ts';
import type { Seal } from './seal.ts';
import { recordOfText, type SignedInPerson, type SignInRecord, textOfRecord } from './sign-in-record.ts';

/**
 * Sign-ins of browsers. Their cookies say whose they are, sealed, so that a restart of the gateway signs nobody out; that
 * one was ended is kept elsewhere, and asked for when a cookie comes that this process does not know.
 */
export interface SignInSessions {
  /** Returns the value of the browser's cookie. */
  start(person: SignedInPerson, idToken: string): string;
  /** Whose cookie it is, as long as that sign-in lasts. */
  find(cookie: string): Principal | undefined;
  /** Signs out. Undefined if nobody was signed in. */
  end(cookie: string): EndedSignIn | undefined;
  /** What another cookie of the same person may carry, to be found by again; undefined if there is no such text. */
  textOf(principal: Principal): string | undefined;
  findByText(text: string): Principal | undefined;
  /** Forgets what has expired by itself. */
  sweep(): void;
}

export interface EndedSignIn {
  readonly record: SignInRecord;
  /** What began it; not known of one that began before the last restart. */
  readonly idToken: string | undefined;
}

export interface SignInSessionsOptions {
  readonly live: LiveSignIns;
  readonly seal: Seal;
  readonly lifetimeMs: number;
  /** Whether one that this process does not know may go on: nobody ended it, and its person is who they were. */
  readonly mayGoOn: (record: SignInRecord) => boolean;
  readonly now: () => Date;
}

export function createSignInSessions(options: SignInSessionsOptions): SignInSessions {
  const { live, seal, lifetimeMs, mayGoOn, now } = options;
  /** Of this process, those that go on and those that were ended, until they expire. */
  const known = new Map<string, { readonly record: SignInRecord; readonly idToken?: string; isEnded: boolean }>();
  const records = new WeakMap<Principal, SignInRecord>();

  const begin = (record: SignInRecord): Principal => {
    const principal = live.begin(record.id, record.person, new Date(record.expiresAt));
    records.set(principal, record);
    return principal;
  };
  const find = (record: SignInRecord | undefined): Principal | undefined => {
    if (record === undefined || record.expiresAt <= now().getTime()) return undefined;
    const found = known.get(record.id);
    // What this process knew and `live` has no more was ended: by its person, or because they were locked out.
    if (found !== undefined) return found.isEnded ? undefined : live.find(record.id);
    if (!mayGoOn(record)) return undefined;
    known.set(record.id, { record, isEnded: false });
    return begin(record);
  };
  const recordOf = (cookie: string): SignInRecord | undefined => {
    const text = seal.open(cookie);
    // Somebody in too many groups has the id alone.
    return text === undefined ? undefined : (known.get(text)?.record ?? recordOfText(text));
  };
  return {
    start(person, idToken) {
      const begunAt = now().getTime();
      const id = randomBytes(16).toString('base64url');
      const record = { id, person, begunAt, expiresAt: begunAt + lifetimeMs };
      known.set(id, { record, idToken, isEnded: false });
      begin(record);
      return seal.close(textOfRecord(record) ?? id);
    },
    find: (cookie) => find(recordOf(cookie)),
    end(cookie) {
      const record = recordOf(cookie);
      if (record === undefined || find(record) === undefined) return undefined;
      const idToken = known.get(record.id)?.idToken;
      known.set(record.id, { record, isEnded: true });
      live.end(record.id);
      return { record, idToken };
    },
    textOf(principal) {
      const record = records.get(principal);
      return record && textOfRecord(record);
    },
    findByText: (text) => find(recordOfText(text)),
    sweep() {
      for (const [id, { record }] of known) if (record.expiresAt <= now().getTime()) known.delete(id);
    },
  };
}
