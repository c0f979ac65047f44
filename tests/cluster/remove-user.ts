import { userKey } from '@vdi/api';
import type { ClusterSettings } from './cluster-settings.ts';
import type { Kubectl } from './kubectl.ts';

/**
 * Notes whether the user of the run has a VDIUser, and removes the one that the first sign-in makes if there was none: it
 * remembers the home, without which the user could start nothing after the run.
 */
export async function removerOfUser(kubectl: Kubectl, { user }: ClusterSettings): Promise<() => Promise<void>> {
  const name = userKey(user);
  const isThere = async (): Promise<boolean> => (await kubectl.try(['get', 'vdiuser', name])).status === 0;
  const wasThere = await isThere();
  return async () => {
    if (!wasThere && (await isThere())) await kubectl.run(['delete', 'vdiuser', name, '--ignore-not-found']);
  };
}
