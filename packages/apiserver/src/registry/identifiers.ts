import { getRandomValues, randomUUID } from 'node:crypto';
import type { Identifiers } from './registry.ts';

/** No vowels, so that no words come out; no characters that look alike. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

export const randomIdentifiers: Identifiers = {
  uid: () => randomUUID(),
  suffix: () => [...getRandomValues(new Uint32Array(5))].map((n) => alphabet[n % alphabet.length]).join(''),
};
