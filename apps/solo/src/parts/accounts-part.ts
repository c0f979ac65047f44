import type { FirstPassword } from '@vdi/gateway';
import { type AccountDirectory, createAccountDirectory } from '@vdi/identity';
import { openAccounts } from '../access/first-accounts.ts';
import type { Part } from '../part.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface AccountsProvides {
  readonly accounts: AccountDirectory;
  readonly firstPasswords: readonly FirstPassword[];
}

/** Who can sign in at the embedded OpenID provider. */
export const accountsPart: Part<{ readonly state: StateDirectory }, AccountsProvides> = {
  name: 'the accounts',
  async start({ state }) {
    const { accounts, firstPasswords } = await openAccounts(state);
    return { accounts: await createAccountDirectory(accounts), firstPasswords };
  },
};
