import type { IncomingMessage, ServerResponse } from 'node:http';
import { UserError } from '@vdi/api';
import { markup, type OidcLogin, type Page, sendPage } from '@vdi/identity';
import type { Logger } from '@vdi/telemetry';
import { type AdmissionOptions, admitPerson } from './admit-person.ts';
import { hostCookie, readCookie } from './cookies.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import { keepEnded } from './ended-sign-ins.ts';
import { createPendingLogins, pendingLifetimeSeconds } from './pending-logins.ts';
import type { Principal } from './principal.ts';
import { returnPath } from './return-path.ts';
import type { EndedSignIn, SignInSessions } from './sign-in-sessions.ts';

export interface SignInOptions extends AdmissionOptions {
  readonly publicUrl: URL;
  readonly login: OidcLogin;
  readonly sessions: SignInSessions;
  readonly lifetimeMs: number;
  readonly metrics: GatewayMetrics;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Signing in and out with a browser, and who a request comes from. */
export interface SignIn {
  principalOf(request: IncomingMessage): Principal | undefined;
  /** `GET /login?returnTo=` */
  begin(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** `GET /callback`: the browser comes back from the provider. */
  finish(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** `POST /logout`, from our own pages only. */
  signOut(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { publicUrl, login, sessions, metrics, now, log } = options;
  const pendingLogins = createPendingLogins(now);
  const names = cookieNames(publicUrl);
  const cookie = (request: IncomingMessage, name: string) => readCookie(request.headers.cookie, name);

  return {
    principalOf: (request) => sessions.find(cookie(request, names.session) ?? ''),

    async begin(request, response) {
      const returnTo = returnPath(here(request, publicUrl).searchParams.get('returnTo'));
      try {
        const { url, pending } = await login.begin();
        const browser = pendingLogins.begin(cookie(request, names.login), { pending, returnTo });
        redirect(response, url.href, [hostCookie(names.login, browser, pendingLifetimeSeconds)]);
      } catch (error) {
        log.error({ err: error }, 'Could not reach the OpenID provider');
        metrics.signedIn('provider_unreachable');
        sendPage(response, providerMissingPage(returnTo));
      }
    },

    async finish(request, response) {
      const url = here(request, publicUrl);
      const found = pendingLogins.take(cookie(request, names.login), url.searchParams.get('state'));
      if (found === undefined) {
        metrics.signedIn('expired');
        sendPage(response, staleCallbackPage);
        return;
      }
      try {
        const identity = await login.finish(url, found.pending);
        const person = await admitPerson(identity, options);
        // Whoever was signed in before is so no longer: one browser, one person.
        await end(cookie(request, names.session), options);
        const secret = sessions.start(person, identity.idToken);
        log.info({ user: person.user, subject: person.subject }, 'Signed in');
        metrics.signedIn('signed_in');
        redirect(response, found.returnTo, [hostCookie(names.session, secret, options.lifetimeMs / 1_000)]);
      } catch (error) {
        log.warn({ err: error }, 'Refused a sign-in');
        metrics.signedIn(error instanceof UserError ? 'refused' : 'invalid');
        sendPage(response, error instanceof UserError ? refusedPage(error) : failedPage);
      }
    },

    async signOut(request, response) {
      if (request.headers.origin !== publicUrl.origin) {
        sendPage(response, foreignSignOutPage);
        return;
      }
      const ended = await end(cookie(request, names.session), options);
      const atProvider = ended === undefined ? undefined : await endAtProvider(options, ended.idToken);
      redirect(response, atProvider?.href ?? '/', [hostCookie(names.session, '', 0)]);
    },
  };
}

/** Cookies are shared by all ports of a host, so that two instances on one machine need names of their own. */
function cookieNames({ port }: URL): { readonly session: string; readonly login: string } {
  const instance = port === '' ? '' : `-${port}`;
  return { session: `__Host-vdi-session${instance}`, login: `__Host-vdi-login${instance}` };
}

/** The address of a request as the browser sees it, whatever proxies are in between. */
function here({ url }: IncomingMessage, publicUrl: URL): URL {
  return new URL(`${publicUrl.origin}${url?.startsWith('/') === true ? url : '/'}`);
}

/** Signs a browser out, in a way that a restart does not forget. */
async function end(
  cookie: string | undefined,
  { sessions, kube, now, log }: SignInOptions,
): Promise<EndedSignIn | undefined> {
  const ended = sessions.end(cookie ?? '');
  if (ended === undefined) return undefined;
  const { user } = ended.record.person;
  log.info({ user }, 'Signed out');
  await keepEnded(kube, ended.record, now()).catch((error: unknown) =>
    log.error({ err: error, user }, 'Could not keep that a sign-in was ended: a restart would bring it back'),
  );
  return ended;
}

/** Being signed out here must not depend on the provider. */
async function endAtProvider(
  { login, publicUrl, log }: SignInOptions,
  idToken: string | undefined,
): Promise<URL | undefined> {
  try {
    return await login.endSessionUrl(idToken, publicUrl);
  } catch (error) {
    log.warn({ err: error }, 'Could not sign out at the OpenID provider');
    return undefined;
  }
}

function redirect(response: ServerResponse, location: string, cookies: readonly string[]): void {
  const headers = {
    location,
    'set-cookie': [...cookies],
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  };
  response.writeHead(303, headers).end();
}

function providerMissingPage(returnTo: string): Page {
  const again = `/login?returnTo=${encodeURIComponent(returnTo)}`;
  return {
    title: 'Signing in is not possible now',
    body: markup`<p>
        The service that checks who you are does not answer. Try again in a moment; if that does not help, tell your
        administrator.
      </p>
      <a class="button" href="${again}">Try again</a>`,
    status: 502,
  };
}

const again = markup`<a class="button" href="/login">Sign in again</a>`;

const staleCallbackPage: Page = {
  title: 'This sign-in has expired',
  body: markup`<p>It was begun too long ago, was finished already, or was begun in another browser.</p>
    ${again}`,
  status: 400,
};

const failedPage: Page = {
  title: 'Signing in did not work',
  body: markup`<p>
      The answer of the service that checks who you are was not valid. Sign in again; if that does not help, tell your
      administrator, who finds the reason in the log.
    </p>
    ${again}`,
  status: 400,
};

const foreignSignOutPage: Page = {
  title: 'Not signed out',
  body: markup`<p>Another site asked to sign you out. Use the button in the dashboard if you want to.</p>
    <a class="button" href="/">Open the dashboard</a>`,
  status: 403,
};

function refusedPage({ what, why, whatToDo }: UserError): Page {
  return {
    title: 'You cannot sign in',
    body: markup`<p>${what}: ${why}. ${whatToDo}.</p>
      ${again}`,
    status: 403,
  };
}
