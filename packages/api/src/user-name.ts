import type { TUnsafe } from 'typebox';
import { text, type Rule } from './schema/field.ts';

/**
 * Schema of a user name. Upper case is refused rather than folded, because field selectors and immutability compare the
 * text as it is; what CEL cannot see (upper case beyond ASCII, composition) `normalizeUser` settles.
 */
export function userName(description: string, rules: readonly Rule[] = []): TUnsafe<string> {
  return text(description, {
    minLength: 1,
    maxLength: 254,
    rules: [
      {
        rule: String.raw`self.matches('^[^A-Z\\x00-\\x20\\x7f]+$')`,
        message: 'a user name has no capital letters, spaces or control characters: write it like alice@example.com',
      },
      ...rules,
    ],
  });
}

/** A user name as it is stored and compared: NFC, lower case. Two spellings of one name become equal; idempotent. */
export function normalizeUser(user: string): string {
  // Lower-casing can decompose (U+0130), hence the second NFC.
  return user.normalize('NFC').toLowerCase().normalize('NFC');
}
