import * as client from 'openid-client';

/** Whom the provider vouches for. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** … at a sign-in. */
export interface Identity extends ProvenIdentity {
  /** For signing out at the provider. */
  readonly idToken: string;
}

/** What must be kept, out of the browser's reach, between the two halves of a sign-in. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What a provider says of itself, as far as others need it. */
export interface ProviderFacts {
  readonly issuer: string;
  /** Where its public keys are. */
  readonly jwksUri: URL | undefined;
}

export interface OidcLoginOptions {
  readonly issuer: URL;
  /** What the issuer is called in what is kept for long, where its address may change; left out: as it calls itself. */
  readonly issuerName?: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: URL;
  readonly scope: string;
  /** The only algorithm in which ID tokens are accepted. */
  readonly idTokenAlgorithm: string;
  /** Whether each sign-in asks for the password, even of somebody whom the provider still knows. */
  readonly alwaysAsks: boolean;
  /** Reaches the provider. Default: the global `fetch`. */
  readonly fetch?: ProviderFetch;
}

/** The part of `fetch` that talking to a provider takes. */
export type ProviderFetch = (url: string, init: client.CustomFetchOptions) => Promise<Response>;

export interface OidcLogin {
  /** Resolves when the provider has told its configuration. Throws while it does not answer; then ask again. */
  discover(): Promise<ProviderFacts>;
  /** Where to send the browser. */
  begin(): Promise<{ readonly url: URL; readonly pending: PendingLogin }>;
  /** Exchanges the code of the address that the browser came back to. Throws when anything about the answer is wrong. */
  finish(callbackUrl: URL, pending: PendingLogin): Promise<Identity>;
  /** Where to send the browser to sign out at the provider too; undefined where the provider has no such page. */
  endSessionUrl(idToken: string | undefined, returnTo: URL): Promise<URL | undefined>;
}

/**
 * The authorization code flow of OpenID Connect with PKCE, state and nonce, for a server that keeps the tokens to itself. The provider
 * is asked for its configuration at the first sign-in, and again until it answered once.
 */
export function createOidcLogin(options: OidcLoginOptions): OidcLogin {
  let discovered: Promise<client.Configuration> | undefined;
  const configuration = (): Promise<client.Configuration> => {
    discovered ??= discover(options).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  };
  return {
    async discover() {
      const { issuer, jwks_uri: jwksUri } = (await configuration()).serverMetadata();
      return { issuer, jwksUri: jwksUri === undefined ? undefined : new URL(jwksUri) };
    },
    async begin() {
      const pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(await configuration(), {
        redirect_uri: options.redirectUri.href,
        scope: options.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
        code_challenge_method: 'S256',
        ...(options.alwaysAsks ? { prompt: 'login' } : {}),
      });
      return { url, pending };
    },
    async finish(callbackUrl, { state, nonce, codeVerifier }) {
      const tokens = await client.authorizationCodeGrant(await configuration(), callbackUrl, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined || tokens.id_token === undefined) throw new Error('The provider sent no ID token');
      return { issuer: options.issuerName ?? claims.iss, subject: claims.sub, claims, idToken: tokens.id_token };
    },
    async endSessionUrl(idToken, returnTo) {
      const known = await configuration();
      if (known.serverMetadata().end_session_endpoint === undefined) return undefined;
      return client.buildEndSessionUrl(known, {
        ...(idToken === undefined ? {} : { id_token_hint: idToken }),
        post_logout_redirect_uri: returnTo.href,
      });
    },
  };
}

async function discover(options: OidcLoginOptions): Promise<client.Configuration> {
  const { issuer, clientId, clientSecret, idTokenAlgorithm } = options;
  const metadata = { client_secret: clientSecret, id_token_signed_response_alg: idTokenAlgorithm };
  const execute =
    issuer.protocol === 'http:' && isLoopback(issuer.hostname)
      ? // Named deprecated to be noticed: nothing leaves this machine here.
        [client.allowInsecureRequests, client.enableNonRepudiationChecks]
      : [client.enableNonRepudiationChecks];
  const authentication = client.ClientSecretBasic(clientSecret);
  return await client.discovery(issuer, clientId, metadata, authentication, {
    execute,
    timeout: 10,
    ...(options.fetch === undefined ? {} : { [client.customFetch]: options.fetch }),
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}
