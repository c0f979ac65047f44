import type { Session } from './session.ts';

const minuteMs = 60_000;
const extensionMinutes = 120;

/**
 * The life of a session, counted from its start as the API wants it, that ends two hours later than now planned. A session
 * without an end has nothing to extend.
 */
export function extendedTimeout(session: Session): string {
  const { startTime, expiresAt } = session.status;
  if (startTime === undefined || expiresAt === undefined) {
    throw new RangeError(`Session ${session.name} has no end that could be put off`);
  }
  const plannedMinutes = Math.round((Date.parse(expiresAt) - Date.parse(startTime)) / minuteMs);
  const minutes = plannedMinutes + extensionMinutes;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h${rest}m`;
}
