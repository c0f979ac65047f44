import {
  type Controller,
  createController,
  createWriter,
  type Runtime,
  watchMapped,
  watchObjects,
} from '@vdi/controller';
import { annotations, fieldManagers, userKey } from '@vdi/api';
import type { Caches } from '../caches.ts';
import type { OperatorSettings } from '../settings.ts';
import { userReconciler } from './reconcile.ts';

/** Keeps the status of every VDIUser: what their sessions hold, and where their homes are. */
export function createUserController(runtime: Runtime, caches: Caches, settings: OperatorSettings): Controller {
  const { users, sessions, claims } = caches;
  const writer = createWriter(runtime, { fieldManager: fieldManagers.user });
  return createController(runtime, {
    name: 'user',
    watches: [
      watchObjects(users),
      watchMapped(sessions, ({ spec }) => [userKey(spec.user)]),
      watchMapped(claims, ({ metadata }) => {
        const owner = metadata.annotations?.[annotations.user];
        return owner === undefined ? [] : [userKey(owner)];
      }),
    ],
    reconcile: userReconciler({ caches, settings, writer, log: runtime.logger }),
    concurrency: 4,
    writer,
  });
}
