import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { normalizeUser } from './user-name.ts';

/** RFC 4648 base32, lower case: letters and digits only, so that the key is a DNS label and a label value. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const keyBytes = 20;

/**
 * The name of a user wherever Kubernetes allows only DNS labels: lower-case base32 of the first 160 bits of SHA-256 of
 * the normalised user name, 32 characters. Homes are found by it: it must never change.
 */
export function userKey(user: string): string {
  return base32(sha256(utf8ToBytes(normalizeUser(user))).subarray(0, keyBytes));
}

function base32(bytes: Uint8Array): string {
  let encoded = '';
  let pending = 0;
  let pendingBits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    pendingBits += 8;
    while (pendingBits >= 5) {
      pendingBits -= 5;
      encoded += alphabet[(pending >> pendingBits) & 31] ?? '';
    }
    pending &= (1 << pendingBits) - 1;
  }
  return encoded;
}
