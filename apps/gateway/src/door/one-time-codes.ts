import { createHash, randomBytes } from 'node:crypto';

/** What a code is worth: one person's way into one session, through one host. */
export interface Grant<Principal> {
  readonly principal: Principal;
  /** UID of the VDISession. */
  readonly session: string;
  /** First label of its host. */
  readonly label: string;
}

export interface OneTimeCodes<Principal> {
  /** 256 random bits as text for an address. */
  issue(grant: Grant<Principal>): string;
  /** The grant, once and in time, at the host it was made for; a code that is presented is spent in any case. */
  redeem(code: string, label: string): Grant<Principal> | undefined;
}

/** Long enough for a redirect, too short for anything else. */
const codeLifetimeMs = 30_000;
const codePattern = /^[\w-]{43}$/;
/** More than people can open within a code's life; the oldest give way. */
const codeLimit = 10_000;

/** Codes in memory, as hashes: whoever reads the memory of this map cannot use what is in it. */
export function createOneTimeCodes<Principal>(now: () => Date): OneTimeCodes<Principal> {
  const grants = new Map<string, Grant<Principal> & { readonly expiresAt: number }>();

  /** Entries are in the order of their expiry. */
  function dropOld(): void {
    for (const [key, { expiresAt }] of grants) {
      if (expiresAt > now().getTime() && grants.size < codeLimit) return;
      grants.delete(key);
    }
  }

  return {
    issue(grant) {
      dropOld();
      const code = randomBytes(32).toString('base64url');
      grants.set(hash(code), { ...grant, expiresAt: now().getTime() + codeLifetimeMs });
      return code;
    },
    redeem(code, label) {
      if (!codePattern.test(code)) return undefined;
      const key = hash(code);
      const found = grants.get(key);
      grants.delete(key);
      if (found === undefined || found.label !== label || found.expiresAt <= now().getTime()) return undefined;
      const { expiresAt: _, ...grant } = found;
      return grant;
    },
  };
}

function hash(code: string): string {
  return createHash('sha256').update(code).digest('base64url');
}
