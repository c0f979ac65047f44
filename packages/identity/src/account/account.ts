import { randomBytes } from 'node:crypto';
import { hashPassword, type PasswordHash } from './password.ts';

/** Somebody who signs in at the embedded provider. */
export interface Account {
  /** The subject: random, so that an account made later under the same name is another one. */
  readonly id: string;
  /** What is typed to sign in, in lower case: an e-mail address, or a name such as `admin`. */
  readonly user: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  readonly password: PasswordHash;
}

export async function createAccount(
  facts: Pick<Account, 'user' | 'displayName' | 'groups'> & { readonly password: string },
): Promise<Account> {
  const { password, ...rest } = facts;
  return { id: randomBytes(16).toString('hex'), ...rest, password: await hashPassword(password) };
}
