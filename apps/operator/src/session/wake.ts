import type { Deadlines } from './deadlines.ts';
import { warnings } from './warning-times.ts';

/** All moments at which a session needs a look although nothing happened to it. */
export function lookAgainAt({ expiresAt, idleAt, startFailsAt, schedule }: Deadlines): readonly Date[] {
  const before = (moment: Date | undefined, milliseconds: number): Date | undefined =>
    moment === undefined ? undefined : new Date(moment.getTime() - milliseconds);
  const moments = [
    expiresAt,
    before(expiresAt, warnings.expiryMs),
    idleAt,
    before(idleAt, warnings.idleMs),
    startFailsAt,
    schedule?.nextLook,
  ];
  return moments.filter((moment) => moment !== undefined);
}

/** The first of them that is still to come. */
export function earliest(moments: readonly Date[], now: Date): Date | undefined {
  const coming = moments.map((moment) => moment.getTime()).filter((moment) => moment > now.getTime());
  return coming.length === 0 ? undefined : new Date(Math.min(...coming));
}
