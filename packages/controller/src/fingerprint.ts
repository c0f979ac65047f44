import { createHash } from 'node:crypto';

/** Equal for JSON that means the same: the order of an object's fields does not matter, and undefined ones do not count. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64');
}

/**
 * The part of `live` that `desired` speaks of: what the server made of our fields, with its defaults inside and its spelling
 * of quantities, without what others own beside them. A list of another length is taken whole.
 */
export function projection(live: unknown, desired: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(desired) && live.length === desired.length) {
    return live.map((element, position) => projection(element, desired[position]));
  }
  if (!isRecord(live) || !isRecord(desired)) return live;
  return Object.fromEntries(Object.keys(desired).map((name) => [name, projection(live[name], desired[name])]));
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isRecord(value)) return JSON.stringify(value ?? null);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([first], [second]) => (first < second ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
