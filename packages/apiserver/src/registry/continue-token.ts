import { badRequest } from './errors.ts';

/** Where a list goes on. `revision` is the moment the list is of; undefined accepts the newest, whatever came between. */
export interface ContinueToken {
  readonly revision: number | undefined;
  /** The last key that was told. */
  readonly startAfter: string;
}

export function encodeContinueToken({ revision, startAfter }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: 1, rv: revision ?? -1, start: startAfter })).toString('base64url');
}

/** Throws 400. */
export function decodeContinueToken(text: string): ContinueToken {
  try {
    const { v, rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
    if (v === 1 && typeof rv === 'number' && Number.isSafeInteger(rv) && typeof start === 'string') {
      return { revision: rv < 0 ? undefined : rv, startAfter: start };
    }
  } catch (cause) {
    throw badRequest('continue key is not valid: it must be the one that the previous page gave', cause);
  }
  throw badRequest('continue key is not valid: it must be the one that the previous page gave');
}
