import { isDeepStrictEqual } from 'node:util';
import { type Reconcile, settled, type Writer } from '@vdi/controller';
import type { Logger } from '@vdi/telemetry';
import type { Caches } from '../caches.ts';
import type { OperatorSettings } from '../settings.ts';
import { userStatus } from './status.ts';

export interface UserPorts {
  readonly caches: Caches;
  readonly settings: OperatorSettings;
  readonly writer: Writer;
  readonly log: Logger;
}

/** Brings the status of one VDIUser up to date. Somebody without a VDIUser has no status. */
export function userReconciler({ caches, settings, writer }: UserPorts): Reconcile {
  return async (key, signal) => {
    const user = caches.users.cache.get(key);
    if (user === undefined || user.metadata.deletionTimestamp !== undefined) return settled;
    const sessions = caches.sessions.cache
      .by('user', key)
      .map((session) => ({ session, template: caches.templates.cache.get(session.spec.template) }));
    const status = userStatus({ user, sessions, claims: caches.claims.cache.by('user', key), settings });
    if (isDeepStrictEqual(status, user.status)) return settled;
    const { apiVersion, kind, metadata, spec } = user;
    await writer.applyStatus(caches.users, { apiVersion, kind, metadata, spec, status }, { signal });
    return settled;
  };
}
