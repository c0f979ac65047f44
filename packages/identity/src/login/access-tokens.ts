import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { ProvenIdentity, ProviderFacts } from './oidc-login.ts';
import { TokenError } from './token-error.ts';

export interface AccessTokenOptions {
  /** What the provider says of itself; asked until it has answered once. */
  readonly provider: () => Promise<ProviderFacts>;
  /** What the issuer is called in what is kept for long; left out: as it calls itself. */
  readonly issuerName?: string;
  /** Whom a token must be for. */
  readonly audience: string;
  /** The only algorithm in which tokens are accepted. */
  readonly algorithm: string;
  /** Reaches the provider's keys. Default: the global `fetch`. */
  readonly fetch?: (url: string, init: KeyRequest) => Promise<Response>;
  readonly now: () => Date;
}

/** How keys are asked for. */
interface KeyRequest {
  readonly headers: Headers;
  readonly method: 'GET';
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
}

export interface AccessTokens {
  /** @throws TokenError that says why a token is refused */
  verify(token: string): Promise<{ readonly identity: ProvenIdentity; readonly expiresAt: Date }>;
}

/** What a token with a few hundred groups has; longer ones are not looked at. */
const longestToken = 12_288;
const clockSkewSeconds = 30;
/** JWT `typ` of what may be sent as a bearer: access tokens (RFC 9068), and what providers sent before it. */
const acceptedTypes: readonly (string | undefined)[] = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];

/**
 * Access tokens of one provider, as JWTs (RFC 9068): issuer, audience, algorithm and expiry are pinned, and the signature is
 * checked with the keys that the provider publishes. An unknown key asks the provider again, every half minute at most.
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { audience, algorithm, now } = options;
  let keys: { readonly issuer: string; readonly find: JWTVerifyGetKey } | undefined;
  const opened = async () => (keys ??= keysOf(await options.provider(), options));
  return {
    async verify(token) {
      if (token.length > longestToken)
        throw new TokenError('malformed', `it is longer than ${longestToken} characters`);
      const { issuer, find } = await opened();
      const checks = {
        issuer,
        audience,
        algorithms: [algorithm],
        currentDate: now(),
        clockTolerance: clockSkewSeconds,
        requiredClaims: ['sub', 'exp'],
      };
      const { payload, protectedHeader } = await jwtVerify(token, find, checks).catch((error: unknown) => {
        throw refusalOf(error) ?? error;
      });
      if (!acceptedTypes.includes(protectedHeader.typ?.toLowerCase())) {
        throw new TokenError('wrongType', `it is a ${protectedHeader.typ}, which is no access token`);
      }
      return verified(payload, options.issuerName ?? issuer);
    },
  };
}

function keysOf({ issuer, jwksUri }: ProviderFacts, { fetch }: AccessTokenOptions) {
  if (jwksUri === undefined) throw new Error(`The provider ${issuer} publishes no keys to check tokens with`);
  return { issuer, find: createRemoteJWKSet(jwksUri, fetch === undefined ? {} : { [customFetch]: fetch }) };
}

function verified({ sub = '', exp = 0, ...claims }: JWTPayload, issuer: string) {
  return { identity: { issuer, subject: sub, claims: { ...claims, sub } }, expiresAt: new Date(exp * 1_000) };
}

/** Undefined where the fault is not the token's. */
function refusalOf(error: unknown): TokenError | undefined {
  if (error instanceof errors.JWTExpired) return new TokenError('expired', 'it has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenError('wrongClaim', `its claim "${error.claim}" is not what is accepted here`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return new TokenError('wrongAlgorithm', 'its algorithm is not accepted');
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey) {
    return new TokenError('wrongSignature', 'none of the keys of the provider has signed it');
  }
  const isOfToken = error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid;
  if (isOfToken || error instanceof errors.JOSENotSupported) return new TokenError('malformed', 'it is no signed JWT');
  return undefined;
}
