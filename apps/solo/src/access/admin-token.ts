import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** The administrator's bearer token, 256 random bits, made at the first start. Deleting the file revokes it at the next. */
export function openAdminToken(state: StateDirectory): string {
  const kept = readIfPresent(state.adminToken)?.trim();
  if (kept !== undefined && kept.length >= 43) return kept;
  const token = randomBytes(32).toString('base64url');
  writePrivateFile(state.adminToken, `${token}\n`);
  return token;
}

/** Compares without telling by its duration how much was right. */
export function isSameToken(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
