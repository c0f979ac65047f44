import { UserError } from '@vdi/api';
import { type Account, createAccount, generatePassword } from '@vdi/identity';
import { hasFields, openKeptJson, parseKept } from './kept-json.ts';
import { type KeptText, openKept } from './kept-text.ts';

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

/**
 * The accounts, made with passwords of their own on the first start. Passwords are kept first, and read back: a start that
 * is cut off in between, or that another one overtakes, ends with the same.
 *
 * @throws UserError when what is kept is broken
 */
export async function openAccounts(kept: {
  readonly accounts: KeptText;
  /** Lines of name and password, to be read once and deleted. */
  readonly firstPasswords: KeptText;
}): Promise<{ readonly accounts: readonly Account[]; readonly firstPasswords: readonly FirstPassword[] }> {
  const stored = await kept.accounts.read();
  if (stored !== undefined) return { accounts: parseKept(kept.accounts, isAccounts, stored), firstPasswords: [] };
  const made = firstPeople.map(({ user }) => ({ user, password: generatePassword() }));
  const firstPasswords = passwordsIn(await openKept(kept.firstPasswords, () => linesOf(made)));
  const people = firstPeople.map((person) => ({
    ...person,
    password: firstPasswords.find(({ user }) => user === person.user)?.password ?? missing(kept.firstPasswords, person),
  }));
  const accounts = await openKeptJson(kept.accounts, isAccounts, () => Promise.all(people.map(createAccount)));
  return { accounts, firstPasswords };
}

function missing({ place }: KeptText, { user }: { readonly user: string }): never {
  throw new UserError('KeptValueBroken', {
    what: `There is no first password of ${user} in ${place}`,
    why: 'It is not what was written there, and there are no accounts yet',
    whatToDo: 'Delete it to have a new one made',
  });
}

function linesOf(passwords: readonly FirstPassword[]): string {
  return passwords.map(({ user, password }) => `${user}  ${password}\n`).join('');
}

function passwordsIn(lines: string): readonly FirstPassword[] {
  return lines.split('\n').flatMap((line) => {
    const [user, password] = line.trim().split(/\s+/);
    return user === undefined || password === undefined ? [] : [{ user, password }];
  });
}

function isAccounts(value: unknown): value is readonly Account[] {
  return Array.isArray(value) && value.every((account) => hasFields(account, 'id', 'user', 'groups', 'password'));
}
