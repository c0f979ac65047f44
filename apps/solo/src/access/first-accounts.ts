import type { Account } from '@vdi/identity';
import { type FirstPassword, openAccounts as openKeptAccounts } from '@vdi/gateway';
import { keptFile } from '../state/kept-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/** The accounts of the state directory, made with passwords of their own on the first start. */
export async function openAccounts(
  state: StateDirectory,
): Promise<{ readonly accounts: readonly Account[]; readonly firstPasswords: readonly FirstPassword[] }> {
  return await openKeptAccounts({
    accounts: keptFile(state.accounts),
    firstPasswords: keptFile(state.firstPasswords),
  });
}
