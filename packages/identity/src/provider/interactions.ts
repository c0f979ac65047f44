import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InteractionResults, Provider } from 'oidc-provider';
import { createSignInThrottle } from '../account/sign-in-throttle.ts';
import { type Page, sendPage } from '../page/page.ts';
import { consentPage } from './consent-page.ts';
import type { OpenIdProviderOptions } from './create-openid-provider.ts';
import { readForm } from './read-form.ts';
import { expiredPage, signInPage, waitPage, wrongPasswordPage } from './sign-in-page.ts';

/** What a posted form leads to: a page again, or the end of the interaction. */
type Outcome = { readonly page: Page } | { readonly results: InteractionResults };

/** The pages between the browser's coming and its going on: name and password, and consent where a program asks. */
export function createInteractions(options: OpenIdProviderOptions, provider: Provider) {
  const { accounts, startUrl, issuer } = options;
  const checkPassword = createPasswordCheck(options);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = request.url ?? '';
    const found = await provider.interactionDetails(request, response).catch(() => undefined);
    if (found === undefined || !action.endsWith(`/interaction/${found.uid}`)) {
      sendPage(response, expiredPage(startUrl));
      return;
    }
    const isConsent = found.prompt.name === 'consent';
    const name = accounts.findById(found.session?.accountId ?? '')?.displayName ?? '';
    const asked = isConsent ? consentPage({ action, name }) : signInPage({ ...options, action, user: '' });
    if (request.method !== 'POST') {
      sendPage(response, asked);
      return;
    }
    const form = request.headers.origin === issuer.origin ? await readForm(request) : undefined;
    const outcome = isConsent ? consentOf(form, asked) : await checkPassword(form, action);
    if ('page' in outcome) sendPage(response, outcome.page);
    else {
      await provider.interactionFinished(request, response, outcome.results, { mergeWithLastSubmission: isConsent });
    }
  };
}

/** Without an answer from the page itself, it is asked again. */
function consentOf(form: URLSearchParams | undefined, asked: Page): Outcome {
  const answer = form?.get('answer');
  if (answer === 'allow') return { results: { consent: {} } };
  if (answer !== 'deny') return { page: asked };
  return { results: { error: 'access_denied', error_description: 'The person did not allow it' } };
}

function createPasswordCheck({ accounts, now, formTargets }: OpenIdProviderOptions) {
  const throttle = createSignInThrottle(now);
  return async (form: URLSearchParams | undefined, action: string): Promise<Outcome> => {
    const [user, password] = [form?.get('user') ?? '', form?.get('password') ?? ''];
    const shown = { action, user: user.slice(0, 254), formTargets };
    const waitSeconds = throttle.waitSeconds(user);
    if (waitSeconds > 0) return { page: waitPage(shown, waitSeconds) };
    // Counted before it is known, so that guesses sent at once do not pass together.
    throttle.failed(user);
    const account = await accounts.authenticate(user, password);
    if (account === undefined) return { page: wrongPasswordPage(shown) };
    throttle.succeeded(user);
    return { results: { login: { accountId: account.id, remember: false } } };
  };
}
