import { createHash } from 'node:crypto';
import type { AccessTokens } from '@vdi/identity';
import { admitPerson, type AdmissionOptions } from './admit-person.ts';
import type { LiveSignIns } from './live-sign-ins.ts';
import type { Principal } from './principal.ts';

/** API clients, which come with an access token in place of a cookie. */
export interface BearerSignIns {
  /**
   * Whose token it is.
   *
   * @throws TokenError for one that is not valid, UserError for somebody who may not sign in
   */
  principalOf(token: string): Promise<Principal>;
}

/** A token is looked at once; as long as it lives, and nobody locks its person out, it stands for the same principal. */
export function createBearerSignIns(
  options: AdmissionOptions & { readonly tokens: AccessTokens; readonly live: LiveSignIns },
): BearerSignIns {
  const { tokens, live } = options;
  const underWay = new Map<string, Promise<Principal>>();
  const admit = async (key: string, token: string): Promise<Principal> => {
    const { identity, expiresAt } = await tokens.verify(token);
    return live.begin(key, await admitPerson(identity, options), expiresAt);
  };
  return {
    async principalOf(token) {
      // Under its hash: who reads this memory learns no token.
      const key = `token ${createHash('sha256').update(token).digest('base64url')}`;
      const found = live.find(key) ?? underWay.get(key);
      if (found !== undefined) return await found;
      const admitted = admit(key, token).finally(() => underWay.delete(key));
      underWay.set(key, admitted);
      return await admitted;
    },
  };
}

/** The token of `Authorization: Bearer …` (RFC 6750, section 2.1); undefined for a header of another scheme, or none. */
export function bearerToken(authorization: unknown): string | undefined {
  return typeof authorization === 'string' ? /^Bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
}
