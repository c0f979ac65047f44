import type { Account } from './account.ts';
import { hashPassword, isPassword } from './password.ts';

/** Looks accounts up, and checks passwords. */
export interface AccountDirectory {
  findById(id: string): Account | undefined;
  /** The account, or undefined for an unknown name and for a wrong password alike, after the same time. */
  authenticate(user: string, password: string): Promise<Account | undefined>;
}

/** What somebody may paste; more would only cost time. */
const longestPassword = 1024;

export async function createAccountDirectory(accounts: readonly Account[]): Promise<AccountDirectory> {
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const byUser = new Map(accounts.map((account) => [account.user, account]));
  // Checked for names that nobody has, so that the time of an answer does not tell which exist.
  const nobody = await hashPassword('');
  let last: Promise<unknown> = Promise.resolve();
  return {
    findById: (id) => byId.get(id),
    async authenticate(user, password) {
      const account = byUser.get(user.normalize('NFC').trim().toLowerCase());
      if (password.length > longestPassword) return undefined;
      // One after the other: each takes 64 MiB for a while.
      const checked = last.then(() => isPassword(password, account?.password ?? nobody));
      last = checked.catch(() => undefined);
      return (await checked) ? account : undefined;
    },
  };
}
