import { UserError } from '@vdi/api';
import { type KeptText, openKept } from './kept-text.ts';

/**
 * Something kept as JSON.
 *
 * @throws UserError when what is kept is not what this program wrote
 */
export async function openKeptJson<Value>(
  kept: KeptText,
  isValue: (value: unknown) => value is Value,
  make: () => Promise<Value>,
): Promise<Value> {
  return parseKept(kept, isValue, await openKept(kept, async () => JSON.stringify(await make())));
}

export function parseKept<Value>(kept: KeptText, isValue: (value: unknown) => value is Value, text: string): Value {
  const value = parsed(text);
  return isValue(value) ? value : broken(kept);
}

/** @throws UserError always */
export function broken({ place }: KeptText): never {
  throw new UserError('KeptValueBroken', {
    what: `What is kept in ${place} cannot be used`,
    why: 'It is not what was written there',
    whatToDo: 'Restore it from a backup, or delete it to have a new one made',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by whoever looks at the value.
    return undefined;
  }
}

/** Whether it is an object with a value for each of these fields. */
export function hasFields(value: unknown, ...fields: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && fields.every((field) => field in value);
}
