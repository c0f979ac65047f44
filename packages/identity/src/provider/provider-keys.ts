import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';

/** Private to the provider; kept, so that a restart ends nobody's sign-in halfway. */
export interface ProviderKeys {
  /** Signs ID tokens (ES256). */
  readonly signingKey: JWK;
  /** Signs the provider's cookies. */
  readonly cookieKey: string;
}

export async function generateProviderKeys(): Promise<ProviderKeys> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  return {
    signingKey: { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid },
    cookieKey: randomBytes(32).toString('base64url'),
  };
}
