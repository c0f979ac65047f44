import { randomBytes } from 'node:crypto';
import {
  type AccessTokens,
  type AccountDirectory,
  type ClaimNames,
  createAccessTokens,
  createOidcLogin,
  createOpenIdProvider,
  type OidcLogin,
  type OpenIdProvider,
  type ProviderKeys,
} from '@vdi/identity';
import { inProcessFetch } from './in-process-fetch.ts';

/** Who says who people are. */
export type IdentitySource =
  /** Our own provider, below `/oidc`, for installations that have none. */
  | { readonly kind: 'embedded'; readonly accounts: AccountDirectory; readonly keys: ProviderKeys }
  | {
      readonly kind: 'external';
      readonly issuer: URL;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly claims: ClaimNames;
      /** The algorithm of its tokens, such as `RS256`. */
      readonly idTokenAlgorithm: string;
      /** Whom the access tokens of API clients must be for. */
      readonly audience: string;
    };

export interface OpenedIdentity {
  /** Of API clients. */
  readonly tokens: AccessTokens;
  readonly issuer: URL;
  readonly login: OidcLogin;
  readonly claims: ClaimNames;
  readonly provider: OpenIdProvider | undefined;
}

/** In which the embedded provider signs. */
const algorithm = 'ES256';

/** Both kinds end in the same login: the embedded provider is a provider like any other. */
export function openIdentity(source: IdentitySource, publicUrl: URL, now: () => Date): OpenedIdentity {
  const redirectUri = new URL('/callback', publicUrl);
  if (source.kind === 'external') {
    const { issuer, claims } = source;
    const scope = 'openid profile email groups';
    const login = createOidcLogin({ ...source, redirectUri, scope, alwaysAsks: false });
    const tokens = createAccessTokens({
      provider: () => login.discover(),
      audience: source.audience,
      algorithm: source.idTokenAlgorithm,
      now,
    });
    return { issuer, claims, provider: undefined, login, tokens };
  }
  const issuer = new URL('/oidc', publicUrl);
  // Both ends live in this process, so their secret does, too.
  const client = { id: 'vdi-gateway', secret: randomBytes(32).toString('base64url'), redirectUri: redirectUri.href };
  const provider = createOpenIdProvider({
    ...source,
    issuer,
    client,
    audience: publicUrl.origin,
    startUrl: new URL('/login', publicUrl).href,
    formTargets: [`${publicUrl.protocol}//*.${publicUrl.host}`],
    now,
  });
  const fetch = inProcessFetch((request, response) => void provider.handle(request, response));
  // Its address has a port that people may change; the random ids of accounts are enough to tell people apart.
  const issuerName = 'urn:vdi:local-accounts';
  const login = createOidcLogin({
    issuer,
    fetch,
    issuerName,
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri,
    scope: 'openid profile groups',
    idTokenAlgorithm: algorithm,
    alwaysAsks: true,
  });
  const tokens = createAccessTokens({
    provider: () => login.discover(),
    issuerName,
    audience: publicUrl.origin,
    algorithm,
    fetch: (url, init) => fetch(url, { ...init, headers: Object.fromEntries(init.headers) }),
    now,
  });
  return { issuer, login, provider, tokens, claims: { user: 'preferred_username', groups: 'groups' } };
}
