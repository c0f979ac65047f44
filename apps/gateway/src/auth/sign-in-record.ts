import { normalizeUser } from '@vdi/api';
import type { PlatformRole } from './principal.ts';

/** Facts about somebody who signed in, whatever carried them here. */
export interface SignedInPerson {
  readonly user: string;
  readonly subject: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  readonly roles: readonly PlatformRole[];
}

/** A sign-in as its cookie tells it: enough to go on with it after a restart. */
export interface SignInRecord {
  /** 128 random bits: by which it is ended. */
  readonly id: string;
  readonly person: SignedInPerson;
  /** Milliseconds since 1970. */
  readonly begunAt: number;
  readonly expiresAt: number;
}

/** So that a cookie of all of it stays below the 4,096 bytes that browsers keep. */
const longestText = 2_400;

/** Undefined for who is in so many groups that no cookie holds them: they sign in again after a restart. */
export function textOfRecord(record: SignInRecord): string | undefined {
  const text = JSON.stringify(record);
  return Buffer.byteLength(text) <= longestText ? text : undefined;
}

/** From a text that was sealed, so that only its age is in question: an earlier version may have written it. */
export function recordOfText(text: string): SignInRecord | undefined {
  const record = parsed(text) as Partial<SignInRecord> | null | undefined;
  const person = record?.person;
  const isWhole =
    typeof record?.id === 'string' &&
    typeof record.begunAt === 'number' &&
    typeof record.expiresAt === 'number' &&
    typeof person?.user === 'string' &&
    normalizeUser(person.user) === person.user &&
    [person.subject, person.displayName].every((fact) => typeof fact === 'string') &&
    [person.groups, person.roles].every((facts) => Array.isArray(facts));
  return isWhole ? (record as SignInRecord) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No record then.
    return undefined;
  }
}
