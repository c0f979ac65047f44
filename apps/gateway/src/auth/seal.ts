import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Hands a text to browsers so that they can neither read nor change it. */
export interface Seal {
  /** Characters of base64url: fit for a cookie. */
  close(text: string): string;
  /** The text; undefined for what this seal did not close. */
  open(sealed: string): string | undefined;
}

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
/** The first byte of what is sealed: another way to seal would have another. */
const version = Buffer.from([1]);
/** More than a cookie can be; longer texts are not looked at. */
const longestSealed = 8_192;

/**
 * AES-256-GCM with random nonces (NIST SP 800-38D), under a key that HKDF (RFC 5869) derives for one purpose: what was sealed for another
 * purpose does not open. With one key, 2³² texts may be sealed.
 *
 * @param key 256 random bits
 */
export function createSeal(key: Buffer, purpose: string): Seal {
  if (key.length !== keyBytes) throw new TypeError(`A seal needs a key of ${keyBytes} bytes, not ${key.length}`);
  const derived = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), purpose, keyBytes));
  return {
    close(text) {
      const nonce = randomBytes(nonceBytes);
      const closing = createCipheriv(cipher, derived, nonce, { authTagLength: tagBytes });
      const body = Buffer.concat([closing.update(text, 'utf8'), closing.final()]);
      return Buffer.concat([version, nonce, closing.getAuthTag(), body]).toString('base64url');
    },
    open(sealed) {
      if (sealed.length > longestSealed || !/^[\w-]+$/.test(sealed)) return undefined;
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 1 + nonceBytes + tagBytes || bytes[0] !== version[0]) return undefined;
      const body = 1 + nonceBytes + tagBytes;
      const opening = createDecipheriv(cipher, derived, bytes.subarray(1, 1 + nonceBytes), { authTagLength: tagBytes });
      opening.setAuthTag(bytes.subarray(1 + nonceBytes, body));
      try {
        return Buffer.concat([opening.update(bytes.subarray(body)), opening.final()]).toString('utf8');
      } catch {
        // Changed, or closed by another key: to us there is no difference.
        return undefined;
      }
    },
  };
}
