import { markup } from '../page/markup.ts';
import type { Page } from '../page/page.ts';

/** Where programs wait for the answer: a port of their own on the loopback address (RFC 8252, section 7.3). */
const loopbackTargets = ['http://127.0.0.1:*', 'http://[::1]:*'];

/** Asks whether a program may act in somebody's name: no page of ours began this, so nobody may say yes but the person. */
export function consentPage({ action, name }: { readonly action: string; readonly name: string }): Page {
  return {
    title: 'Let a program in?',
    body: markup`<p>
        A program on this machine asks to use the API as ${name}, for one hour. Allow it only if you have just started it
        yourself.
      </p>
      <form method="post" action="${action}">
        <button type="submit" name="answer" value="allow">Allow</button>
        <button type="submit" name="answer" value="deny" class="quiet">Do not allow</button>
      </form>`,
    formTargets: loopbackTargets,
  };
}
