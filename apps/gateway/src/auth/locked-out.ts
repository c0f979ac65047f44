import type { Clock } from '@vdi/controller';
import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { Catalog } from '../catalog/catalog.ts';
import { isEnded, keepAllEnded } from './ended-sign-ins.ts';
import type { LiveSignIns } from './live-sign-ins.ts';
import type { SignedInPerson, SignInRecord } from './sign-in-record.ts';
import type { SignInSessions } from './sign-in-sessions.ts';

/** How soon what runs in the name of somebody who was locked out ends. */
const sweepMs = 2_000;

/** Ends, again and again, what is signed in as somebody who was disabled or whose name was given to another person. */
export function endLockedOut(deps: {
  readonly clock: Clock;
  readonly live: LiveSignIns;
  readonly sessions: SignInSessions;
  readonly catalog: Catalog;
  readonly kube: KubeClient;
  readonly log: Logger;
}): Disposable {
  const { clock, live, sessions, catalog, kube, log } = deps;
  let cancel = (): void => undefined;
  const sweep = (): void => {
    const ended = live.sweep((person) => isLockedOut(person, catalog));
    const disabled = new Set(ended.map(({ user }) => user).filter((user) => catalog.user(user)?.spec.disabled));
    for (const user of disabled) {
      log.info({ user }, 'Ended the sign-ins of a user who was disabled');
      keepAllEnded(kube, user, clock.now()).catch((error: unknown) =>
        log.error({ err: error, user }, 'Could not keep that the sign-ins of a user were ended'),
      );
    }
    sessions.sweep();
    cancel = clock.after(sweepMs, sweep);
  };
  sweep();
  return { [Symbol.dispose]: () => cancel() };
}

function isLockedOut({ user, subject }: SignedInPerson, catalog: Catalog): boolean {
  const spec = catalog.user(user)?.spec;
  return spec?.disabled === true || (spec?.subject !== undefined && spec.subject !== subject);
}

/**
 * Whether a sign-in of before a restart goes on: its person must still be on record as the one who signed in. What cannot be
 * known yet is a no.
 */
export function mayGoOn(record: SignInRecord, catalog: Catalog, isSynced: boolean): boolean {
  const user = isSynced ? catalog.user(record.person.user) : undefined;
  if (user === undefined || user.spec.disabled === true) return false;
  return user.spec.subject === record.person.subject && !isEnded(user, record);
}
