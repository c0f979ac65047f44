import { markup, type Page } from '@vdi/identity';

/**
 * The host that was asked for is none of ours: another name for this machine, or another machine. Standalone mode is for
 * browsers on its own machine, because there is no HTTPS in front of it.
 */
export function wrongHostPage(host: string, publicUrl: URL): Page {
  const asked = host.slice(0, 254);
  const isForThisMachine = publicUrl.protocol === 'http:';
  const body = isForThisMachine
    ? markup`<p>
          Desktops are served at ${publicUrl.origin}, to browsers on the machine that runs them. This browser asked for
          “${asked}”.
        </p>
        <p>
          Browsers keep sign-ins, the clipboard and video to addresses that they trust: HTTPS, and the very machine that
          they run on. Over plain http from anywhere else, none of it would work.
        </p>
        <p>
          <strong>At that machine</strong>, open ${publicUrl.origin}. <strong>For other machines</strong>, install
          vdi-operator in a cluster, behind HTTPS.
        </p>
        <a class="button" href="${publicUrl.href}">I am at that machine: open it</a>`
    : markup`<p>Desktops are served at ${publicUrl.origin}, not at “${asked}”. Check the address for a typing error.</p>
        <a class="button" href="${publicUrl.href}">Open ${publicUrl.host}</a>`;
  return { title: 'Not this address', body, status: 421 };
}

export const dashboardMissingPage: Page = {
  title: 'The dashboard is not built',
  body: markup`<p>Everything else works. Build it in the checkout, then start again:</p>
    <p><code>npx vite build apps/dashboard</code></p>`,
  status: 503,
};

export const nothingHerePage: Page = {
  title: 'There is nothing here',
  body: markup`<p>The address is not complete, or what was here is gone.</p>
    <a class="button" href="/">Open the dashboard</a>`,
  status: 404,
};

export const noSuchSessionPage: Page = {
  title: 'There is no such desktop',
  body: markup`<p>It has ended, or the address is not complete. Homes outlive desktops: a new one has your files.</p>
    <a class="button" href="/">Open the dashboard</a>`,
  status: 404,
};

export const foreignSessionPage: Page = {
  title: 'This desktop is not yours',
  body: markup`<p>Its owner can share it with you, by the name that you sign in with.</p>
    <a class="button" href="/">Open the dashboard</a>`,
  status: 403,
};

/** The operator has not given the session a host name yet: that takes a moment, or what `message` says stands in the way. */
export function startingPage(message: string | undefined): Page {
  return {
    title: 'This desktop is being made',
    body: markup`<p>${message ?? 'It takes a moment.'}</p>
    <p>This page goes on by itself.</p>
    <a class="button" href="/">Open the dashboard</a>`,
    status: 503,
    refreshSeconds: 1,
    headers: { 'retry-after': '1' },
  };
}
