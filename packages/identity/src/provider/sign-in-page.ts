import { type Markup, markup } from '../page/markup.ts';
import type { Page } from '../page/page.ts';

/** What of a sign-in is shown again. */
export interface SignInForm {
  /** Where the form goes. */
  readonly action: string;
  readonly user: string;
  readonly formTargets: readonly string[];
}

export function signInPage(form: SignInForm): Page {
  return { title: 'Sign in', body: formBody(form, markup``), formTargets: form.formTargets };
}

export function wrongPasswordPage(form: SignInForm): Page {
  const message = markup`<p class="wrong" role="alert">
    The user name or the password is wrong. Check both and try again.
  </p>`;
  return { title: 'Sign in', body: formBody(form, message), status: 401, formTargets: form.formTargets };
}

export function waitPage(form: SignInForm, seconds: number): Page {
  const message = markup`<p class="wrong" role="alert">
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
    body: markup`<p>
        It was begun too long ago, or in another browser, or this browser keeps no cookies for this address.
      </p>
      <a class="button" href="${startUrl}">Sign in again</a>`,
    status: 400,
  };
}

function formBody({ action, user }: SignInForm, message: Markup): Markup {
  const focus = markup`autofocus`;
  const [userFocus, passwordFocus] = user === '' ? [focus, ''] : ['', focus];
  const userField = markup`<input name="user" value="${user}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="254" required ${userFocus}>`;
  const passwordField = markup`<input name="password" type="password" autocomplete="current-password" maxlength="1024" required ${passwordFocus}>`;
  const fields = markup`<label>User name${userField}</label><label>Password${passwordField}</label>`;
  return markup`${message}<form method="post" action="${action}">${fields}<button type="submit">Sign in</button></form>`;
}
