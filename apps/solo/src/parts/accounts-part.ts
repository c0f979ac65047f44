import { type AccountDirectory, createAccountDirectory, generateProviderKeys, type ProviderKeys } from '@vdi/identity';
import { type FirstPassword, openAccounts } from '../access/first-accounts.ts';
import type { Part } from '../part.ts';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface AccountsProvides {
  readonly accounts: AccountDirectory;
  readonly providerKeys: ProviderKeys;
  readonly firstPasswords: readonly FirstPassword[];
}

/** Who can sign in at the embedded OpenID provider, and its keys. */
export const accountsPart: Part<{ readonly state: StateDirectory }, AccountsProvides> = {
  name: 'the accounts',
  async start({ state }) {
    const { accounts, firstPasswords } = await openAccounts(state);
    const providerKeys = await openProviderKeys(state);
    return { accounts: await createAccountDirectory(accounts), providerKeys, firstPasswords };
  },
};

async function openProviderKeys(state: StateDirectory): Promise<ProviderKeys> {
  const stored = readIfPresent(state.providerKeys);
  if (stored !== undefined) return JSON.parse(stored) as ProviderKeys;
  const keys = await generateProviderKeys();
  writePrivateFile(state.providerKeys, JSON.stringify(keys));
  return keys;
}
