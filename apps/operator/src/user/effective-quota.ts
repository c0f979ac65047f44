import type { VDIUser } from '@vdi/api';
import type { Quota } from '../settings.ts';

/** What a user may hold: what the VDIUser says, and the operator's default for what it leaves out. */
export function effectiveQuota(user: VDIUser | undefined, defaults: Quota): Quota {
  return { ...defaults, ...user?.spec.quota };
}
