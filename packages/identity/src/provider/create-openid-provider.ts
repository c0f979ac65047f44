import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Configuration, errors, Provider } from 'oidc-provider';
import type { Account } from '../account/account.ts';
import type { AccountDirectory } from '../account/account-directory.ts';
import { markup } from '../page/markup.ts';
import { type Page, pageHeaders, renderPage, sendPage } from '../page/page.ts';
import { createInteractions } from './interactions.ts';
import { createMemoryAdapters } from './memory-adapter.ts';
import type { ProviderKeys } from './provider-keys.ts';
import { isProviderRoute } from './provider-routes.ts';
import { expiredPage } from './sign-in-page.ts';

/** The application that signs people in here: the gateway. */
export interface OpenIdClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

/**
 * What any program on a person's machine calls itself here: a public client with PKCE that listens on the loopback address
 * (RFC 8252). It gets access tokens for the API, for an hour each, after the person has allowed it.
 */
const nativeClientId = 'vdi-cli';
const nativeTokenSeconds = 3_600;

export interface OpenIdProviderOptions {
  /** With a path, such as `http://localhost:8080/oidc`; plain http for this machine only. */
  readonly issuer: URL;
  readonly accounts: AccountDirectory;
  readonly keys: ProviderKeys;
  readonly client: OpenIdClient;
  /** Whom the access tokens of programs are for: the API. */
  readonly audience: string;
  /** Where people go to begin again. */
  readonly startUrl: string;
  /** Origins to which a sign-in may lead in the end (CSP sources), besides the issuer's. */
  readonly formTargets: readonly string[];
  readonly now: () => Date;
}

/** A small OpenID provider with local accounts, for installations that have none. */
export interface OpenIdProvider {
  /** Answers everything below the issuer's path. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/**
 * OpenID Connect Core with the authorization code flow and PKCE (RFC 7636) as the only way in. Each sign-in asks for the password:
 * being signed in is the gateway's to remember.
 */
export function createOpenIdProvider(options: OpenIdProviderOptions): OpenIdProvider {
  assertSafe(options.issuer);
  const base = options.issuer.pathname.replace(/\/$/, '');
  const provider = new Provider(options.issuer.href, configurationOf(options, base));
  // What it takes for its own address is set below, whatever the request said.
  provider.proxy = true;
  const answer = provider.callback();
  const interact = createInteractions(options, provider);
  return {
    async handle(request, response) {
      const url = request.url ?? '/';
      request.headers['x-forwarded-proto'] = options.issuer.protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = options.issuer.host;
      const path = url.slice(base.length);
      if (!isProviderRoute(request.method ?? '', path.split('?', 1)[0] ?? '')) {
        sendPage(response, nothingHerePage);
        return;
      }
      if (path.startsWith('/interaction/')) {
        await interact(request, response);
        return;
      }
      // How a handler that is mounted below a path tells where: the provider makes its addresses from the difference.
      Object.assign(request, { originalUrl: url });
      request.url = path === '' ? '/' : path;
      await answer(request, response);
    },
  };
}

const nothingHerePage: Page = {
  title: 'There is nothing here',
  body: markup`<p>Signing in begins in the dashboard.</p>
    <a class="button" href="/">Open the dashboard</a>`,
  status: 404,
};

function assertSafe({ protocol, hostname, href }: URL): void {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  if (protocol === 'https:' || isLoopback) return;
  throw new TypeError(`An issuer needs https unless it is on this machine: ${href}`);
}

function configurationOf(options: OpenIdProviderOptions, base: string): Configuration {
  const { accounts, keys, client } = options;
  return {
    adapter: createMemoryAdapters(options.now),
    jwks: { keys: [keys.signingKey] },
    cookies: {
      keys: [keys.cookieKey],
      names: { session: 'vdi_provider', interaction: 'vdi_sign_in', resume: 'vdi_resume' },
    },
    clients: [
      {
        client_id: nativeClientId,
        application_type: 'native',
        // Of whatever port the program listens on.
        redirect_uris: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
        token_endpoint_auth_method: 'none',
      },
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: 'ES256',
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientAuthMethods: ['client_secret_basic', 'none'],
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    // The gateway reads the ID token and asks no further.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: tokensFor(options.audience),
    },
    // What an ID token says of a person: the API takes them for the same.
    extraTokenClaims: (_context, token) =>
      'accountId' in token && token.kind === 'AccessToken' ? claimsOf(accounts.findById(token.accountId)) : undefined,
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 600, IdToken: 300, Interaction: 600, Session: 600 },
    interactions: { url: (_context, interaction) => `${base}/interaction/${interaction.uid}` },
    findAccount: (_context, id) => accountAnswer(accounts.findById(id)),
    // Our own client is trusted with what it asks for; nobody else is registered.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? '',
        accountId: oidc.session?.accountId ?? '',
      });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
    renderError(context) {
      const page = expiredPage(options.startUrl);
      context.set(pageHeaders(page));
      context.body = renderPage(page);
    },
  };
}

/** Access tokens of programs are JWTs for the API; the gateway's own are for nobody, and stay opaque. */
function tokensFor(audience: string) {
  return {
    enabled: true,
    defaultResource: (_context: unknown, client?: { readonly clientId: string }) =>
      client?.clientId === nativeClientId ? audience : [],
    useGrantedResource: () => true,
    getResourceServerInfo: (_context: unknown, resource: string, client: { readonly clientId: string }) => {
      if (resource !== audience || client.clientId !== nativeClientId) throw new errors.InvalidTarget();
      return {
        audience,
        scope: '',
        accessTokenFormat: 'jwt' as const,
        accessTokenTTL: nativeTokenSeconds,
        jwt: { sign: { alg: 'ES256' as const } },
      };
    },
  };
}

function accountAnswer(account: Account | undefined) {
  if (account === undefined) return undefined;
  return { accountId: account.id, claims: () => ({ sub: account.id, ...claimsOf(account) }) };
}

function claimsOf(account: Account | undefined) {
  if (account === undefined) return undefined;
  const { user, displayName, groups } = account;
  return { name: displayName, preferred_username: user, groups: [...groups] };
}
