import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Configuration, Provider } from 'oidc-provider';
import type { Account } from '../account/account.ts';
import type { AccountDirectory } from '../account/account-directory.ts';
import { createSignInThrottle } from '../account/sign-in-throttle.ts';
import { pageHeaders, renderPage, sendPage } from '../page/page.ts';
import { createMemoryAdapters } from './memory-adapter.ts';
import type { ProviderKeys } from './provider-keys.ts';
import { readForm } from './read-form.ts';
import { expiredPage, signInPage, waitPage, wrongPasswordPage } from './sign-in-page.ts';

/** The one application that signs people in here: the gateway. */
export interface OpenIdClient {
  readonly id: string;
  readonly secret: string;
  readonly redirectUri: string;
}

export interface OpenIdProviderOptions {
  /** With a path, such as `http://localhost:8080/oidc`; plain http for this machine only. */
  readonly issuer: URL;
  readonly accounts: AccountDirectory;
  readonly keys: ProviderKeys;
  readonly client: OpenIdClient;
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
  const signIn = createSignIn(options, provider);
  return {
    async handle(request, response) {
      const url = request.url ?? '/';
      request.headers['x-forwarded-proto'] = options.issuer.protocol.slice(0, -1);
      request.headers['x-forwarded-host'] = options.issuer.host;
      const path = url.slice(base.length);
      if (path.startsWith('/interaction/')) {
        await signIn(request, response);
        return;
      }
      // How a handler that is mounted below a path tells where: the provider makes its addresses from the difference.
      Object.assign(request, { originalUrl: url });
      request.url = path === '' ? '/' : path;
      await answer(request, response);
    },
  };
}

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
    clientAuthMethods: ['client_secret_basic'],
    pkce: { required: () => true },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'groups'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    // The gateway reads the ID token and asks no further.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
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

function accountAnswer(account: Account | undefined) {
  if (account === undefined) return undefined;
  const { id, user, displayName, groups } = account;
  return {
    accountId: id,
    claims: () => ({ sub: id, name: displayName, preferred_username: user, groups: [...groups] }),
  };
}

/** The page that asks for name and password, and what happens to them. */
function createSignIn({ accounts, now, startUrl, formTargets, issuer }: OpenIdProviderOptions, provider: Provider) {
  const throttle = createSignInThrottle(now);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = request.url ?? '';
    const found = await provider.interactionDetails(request, response).catch(() => undefined);
    if (found === undefined || !action.endsWith(`/interaction/${found.uid}`)) {
      sendPage(response, expiredPage(startUrl));
      return;
    }
    if (request.method !== 'POST') {
      sendPage(response, signInPage({ action, user: '', formTargets }));
      return;
    }
    const form = request.headers.origin === issuer.origin ? await readForm(request) : undefined;
    const [user, password] = [form?.get('user') ?? '', form?.get('password') ?? ''];
    const shown = { action, user: user.slice(0, 254), formTargets };
    const waitSeconds = throttle.waitSeconds(user);
    if (waitSeconds > 0) {
      sendPage(response, waitPage(shown, waitSeconds));
      return;
    }
    // Counted before it is known, so that guesses sent at once do not pass together.
    throttle.failed(user);
    const account = await accounts.authenticate(user, password);
    if (account === undefined) {
      sendPage(response, wrongPasswordPage(shown));
      return;
    }
    throttle.succeeded(user);
    await provider.interactionFinished(request, response, { login: { accountId: account.id, remember: false } });
  };
}
