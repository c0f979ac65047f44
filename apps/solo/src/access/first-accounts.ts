import { type Account, createAccount, generatePassword } from '@vdi/identity';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** A generated password, in the clear. */
export interface FirstPassword {
  readonly user: string;
  readonly password: string;
}

/** Whom a new installation knows: somebody to administer it, and somebody to try it with. */
const firstPeople = [
  { user: 'admin', displayName: 'Administrator', groups: ['vdi-admins'] },
  { user: 'alice@example.com', displayName: 'Alice', groups: [] },
] as const;

/** The accounts, made with passwords of their own on the first start. */
export async function openAccounts(
  state: StateDirectory,
): Promise<{ readonly accounts: readonly Account[]; readonly firstPasswords: readonly FirstPassword[] }> {
  const stored = readIfPresent(state.accounts);
  if (stored !== undefined) return { accounts: JSON.parse(stored) as readonly Account[], firstPasswords: [] };
  const people = firstPeople.map((person) => ({ ...person, password: generatePassword() }));
  const accounts = await Promise.all(people.map(createAccount));
  const firstPasswords = people.map(({ user, password }) => ({ user, password }));
  // Before the accounts: a start that is cut off here makes both anew.
  writePrivateFile(state.firstPasswords, firstPasswords.map(({ user, password }) => `${user}  ${password}\n`).join(''));
  writePrivateFile(state.accounts, JSON.stringify(accounts, undefined, 2));
  return { accounts, firstPasswords };
}
