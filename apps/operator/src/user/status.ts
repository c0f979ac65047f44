import {
  formatQuantity,
  parseQuantity,
  type VDISession,
  type VDITemplate,
  type VDIUser,
  type VDIUserStatus,
} from '@vdi/api';
import type { PersistentVolumeClaim } from '@vdi/kube';
import type { OperatorSettings } from '../settings.ts';
import { addUsage, noUsage, usageOf } from './usage.ts';

export interface UserInput {
  readonly user: VDIUser;
  readonly sessions: readonly { readonly session: VDISession; readonly template: VDITemplate | undefined }[];
  /** Claims that say this user owns them. */
  readonly claims: readonly PersistentVolumeClaim[];
  readonly settings: OperatorSettings;
}

/**
 * What a user holds. A home that was once bound stays on the list when its claim is gone: so a session knows that files
 * are missing, and does not begin with an empty home in their place.
 */
export function userStatus({ user, sessions, claims, settings }: UserInput): VDIUserStatus {
  const held = sessions.map((one) => usageOf(one, user, settings)).reduce(addUsage, noUsage);
  const storage = claims.reduce((sum, { spec }) => sum + parseQuantity(spec.resources?.requests?.['storage'] ?? 0), 0);
  return {
    sessions: held.sessions,
    usage: {
      gpu: held.gpu,
      cpu: formatQuantity(held.cpu, 'cores'),
      memory: formatQuantity(held.memory, 'bytes'),
      storage: formatQuantity(storage, 'bytes'),
    },
    homeClaims: homeClaims(user, claims),
  };
}

function homeClaims(
  { status }: VDIUser,
  claims: readonly PersistentVolumeClaim[],
): NonNullable<VDIUserStatus['homeClaims']> {
  const recorded = status?.homeClaims ?? [];
  const bound = claims
    .filter((claim) => claim.status?.phase === 'Bound')
    .map(({ metadata: { namespace = '', name = '' } }) => ({ namespace, name }))
    .filter((one) => !recorded.some(({ namespace, name }) => namespace === one.namespace && name === one.name))
    .sort((one, other) => (`${one.namespace}/${one.name}` < `${other.namespace}/${other.name}` ? -1 : 1));
  return [...recorded, ...bound];
}
