import type { webcrypto } from 'node:crypto';
import { PemConverter } from './x509.ts';

/** Short keys, understood by everything that speaks TLS 1.2. */
const keyAlgorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
export const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' } as const;

export async function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return await crypto.subtle.generateKey(keyAlgorithm, true, ['sign', 'verify']);
}

/** The private key as PKCS #8 in PEM. */
export async function exportPrivateKey(key: webcrypto.CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

export async function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  return await crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), keyAlgorithm, true, ['sign']);
}

/** 128 random bits, positive: no two certificates of one issuer may share a number. */
export function randomSerialNumber(): string {
  const bytes = crypto.getRandomValues(Buffer.alloc(16));
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString('hex');
}
