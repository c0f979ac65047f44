import { randomBytes } from 'node:crypto';
import {
  type AccountDirectory,
  type ClaimNames,
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
      /** The algorithm of its ID tokens, such as `RS256`. */
      readonly idTokenAlgorithm: string;
    };

export interface OpenedIdentity {
  readonly issuer: URL;
  readonly login: OidcLogin;
  readonly claims: ClaimNames;
  readonly provider: OpenIdProvider | undefined;
}

/** Both kinds end in the same login: the embedded provider is a provider like any other. */
export function openIdentity(source: IdentitySource, publicUrl: URL, now: () => Date): OpenedIdentity {
  const redirectUri = new URL('/callback', publicUrl);
  if (source.kind === 'external') {
    const { issuer, claims } = source;
    const scope = 'openid profile email groups';
    const login = createOidcLogin({ ...source, redirectUri, scope, alwaysAsks: false });
    return { issuer, claims, provider: undefined, login };
  }
  const issuer = new URL('/oidc', publicUrl);
  // Both ends live in this process, so their secret does, too.
  const client = { id: 'vdi-gateway', secret: randomBytes(32).toString('base64url'), redirectUri: redirectUri.href };
  const provider = createOpenIdProvider({
    ...source,
    issuer,
    client,
    startUrl: new URL('/login', publicUrl).href,
    formTargets: [`${publicUrl.protocol}//*.${publicUrl.host}`],
    now,
  });
  const login = createOidcLogin({
    issuer,
    fetch: inProcessFetch((request, response) => void provider.handle(request, response)),
    // Its address has a port that people may change; the random ids of accounts are enough to tell people apart.
    issuerName: 'urn:vdi:local-accounts',
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri,
    scope: 'openid profile groups',
    idTokenAlgorithm: 'ES256',
    alwaysAsks: true,
  });
  return { issuer, login, provider, claims: { user: 'preferred_username', groups: 'groups' } };
}
