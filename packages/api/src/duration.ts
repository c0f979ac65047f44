import { durationPattern } from './schema/field.ts';
import { UserError } from './user-error.ts';

/** Durations as the Gateway API writes them (GEP-2257): `8h`, `30m`, `1h30m`, `500ms`. */

const grammar = new RegExp(durationPattern);
const millisecondsPer: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds. Throws a `UserError` with code `InvalidDuration`. */
export function parseDuration(duration: string): number {
  if (!grammar.test(duration)) {
    throw new UserError('InvalidDuration', {
      what: `The duration ${JSON.stringify(duration.slice(0, 64))} cannot be read`,
      why: 'it is not made of up to four whole numbers of at most five digits, each with h, m, s or ms',
      whatToDo: 'Write something like 8h, 30m or 1h30m; a day is 24h',
    });
  }
  let total = 0;
  for (const [, count, unit] of duration.matchAll(/([0-9]+)(ms|h|m|s)/g)) {
    total += Number(count) * (millisecondsPer[unit ?? ''] ?? 0);
  }
  return total;
}

/** `5400000` is `1h30m`; parts of a millisecond are dropped. Never longer than `parseDuration` accepts. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds) || milliseconds < 0 || milliseconds >= 100_000 * 3_600_000) {
    throw new RangeError(`A duration lies between 0 and 99999h59m59s, not at ${milliseconds} ms`);
  }
  let rest = Math.floor(milliseconds);
  let formatted = '';
  for (const unit of ['h', 'm', 's', 'ms']) {
    const size = millisecondsPer[unit] ?? 1;
    const count = Math.floor(rest / size);
    if (count > 0) formatted += `${count}${unit}`;
    rest -= count * size;
  }
  return formatted || '0s';
}
