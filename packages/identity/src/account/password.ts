import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/** A password as it is kept: scrypt (RFC 7914) with its parameters, so that they can grow later. */
export interface PasswordHash {
  readonly algorithm: 'scrypt';
  readonly cost: number;
  readonly blockSize: number;
  readonly parallelism: number;
  /** Base64url. */
  readonly salt: string;
  /** Base64url. */
  readonly hash: string;
}

/** 64 MiB and about a quarter of a second: one of the choices of the OWASP password storage cheat sheet. */
const parameters = { cost: 2 ** 16, blockSize: 8, parallelism: 2 } as const;
const hashBytes = 32;
/** Without characters that look alike. 20 of them are 99 bits. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';

/** A password that nobody guesses and a person can type: four groups of five. */
export function generatePassword(): string {
  const group = (): string => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, parameters);
  return { algorithm: 'scrypt', ...parameters, salt: salt.toString('base64url'), hash: hash.toString('base64url') };
}

export async function isPassword(password: string, kept: PasswordHash): Promise<boolean> {
  const derived = await derive(password, Buffer.from(kept.salt, 'base64url'), kept);
  const expected = Buffer.from(kept.hash, 'base64url');
  return derived.length === expected.length && timingSafeEqual(derived, expected);
}

type Parameters = Pick<PasswordHash, 'cost' | 'blockSize' | 'parallelism'>;

function derive(password: string, salt: Buffer, { cost, blockSize, parallelism }: Parameters): Promise<Buffer> {
  const options = { N: cost, r: blockSize, p: parallelism, maxmem: 256 * cost * blockSize };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, hashBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
