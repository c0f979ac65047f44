import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** Who the bearer of the token is: everything is allowed to the group, as in every Kubernetes cluster. */
const administrator = { name: 'admin', groups: ['system:masters', 'system:authenticated'] } as const;

/** The administrator's bearer token, 256 random bits, made at the first start. Deleting the file revokes it at the next. */
export function openAdminToken(state: StateDirectory): string {
  const kept = readIfPresent(state.adminToken)?.trim();
  if (kept !== undefined && kept.length >= 43) return kept;
  const token = randomBytes(32).toString('base64url');
  writePrivateFile(state.adminToken, `${token}\n`);
  return token;
}

/** The administrator, if the request bears the token. Comparing does not tell by its duration how much of it was right. */
export function administratorOf(request: Request, token: string): typeof administrator | undefined {
  const given = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token)) ? administrator : undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
