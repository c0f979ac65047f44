import { html } from '../page/html.ts';
import type { Page } from '../page/page.ts';

/** What of a sign-in is shown again. */
export interface SignInForm {
  /** Where the form goes. */
  readonly action: string;
  readonly user: string;
  readonly formTargets: readonly string[];
}

export function signInPage(form: SignInForm): Page {
  return { title: 'Sign in', body: formBody(form, html``), formTargets: form.formTargets };
}

export function wrongPasswordPage(form: SignInForm): Page {
  const message = html`<p class="wrong" role="alert">
    The user name or the password is wrong. Check both and try again.
  </p>`;
  return { title: 'Sign in', body: formBody(form, message), status: 401, formTargets: form.formTargets };
}

export function waitPage(form: SignInForm, seconds: number): Page {
  const message = html`<p class="wrong" role="alert">
    Too many wrong passwords for this name. Try again in ${seconds} seconds.
  </p>`;
  return {
    title: 'Sign in',
    body: formBody(form, message),
    status: 429,
    formTargets: form.formTargets,
    headers: { 'retry-after': String(seconds) },
  };
}

/** The sign-in was begun too long ago, in another browser, or not at all. */
export function expiredPage(startUrl: string): Page {
  return {
    title: 'This sign-in has expired',
    body: html`<p>
        It was begun too long ago, or in another browser, or this browser keeps no cookies for this address.
      </p>
      <a class="button" href="${startUrl}">Sign in again</a>`,
    status: 400,
  };
}

function formBody({ action, user }: SignInForm, message: ReturnType<typeof html>): ReturnType<typeof html> {
  const focus = html`autofocus`;
  return html`${message}
    <form method="post" action="${action}">
      <label
        >User name<input
          name="user"
          value="${user}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          maxlength="254"
          required
          ${user === '' ? focus : ''} /></label
      ><label
        >Password<input
          name="password"
          type="password"
          autocomplete="current-password"
          maxlength="1024"
          required
          ${user === '' ? '' : focus} /></label
      ><button type="submit">Sign in</button>
    </form>`;
}
