import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Markup, markup } from './markup.ts';

const style = `
:root{color-scheme:light dark;--text:#1c1f26;--soft:#5b6270;--back:#f3f4f7;--card:#fff;--line:#8a91a0;--strong:#1f4fd8;--on-strong:#fff;--wrong:#a11212}
@media (prefers-color-scheme:dark){:root{--text:#eceef2;--soft:#a7aebb;--back:#14161b;--card:#1f232b;--line:#7b8494;--strong:#8fb0ff;--on-strong:#0d1530;--wrong:#ff9d9d}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:2rem;background:var(--card);border-radius:.75rem;box-shadow:0 1px 3px #0003}
h1{margin:0 0 1rem;font-size:1.375rem}
p{margin:0 0 1rem;overflow-wrap:anywhere}
label{display:block;margin:0 0 1rem;font-weight:600}
input{display:block;width:100%;margin-top:.25rem;padding:.625rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.375rem}
button,.button{display:block;width:100%;padding:.7rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:var(--on-strong);background:var(--strong);border:0;border-radius:.375rem;cursor:pointer}
.quiet{margin-top:.75rem;color:var(--text);background:transparent;border:1px solid var(--line)}
:focus-visible{outline:3px solid var(--strong);outline-offset:2px}
.wrong{color:var(--wrong);font-weight:600}
.soft{margin:1rem 0 0;color:var(--soft);font-size:.875rem}
`;
const styleHash = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

export interface Page {
  readonly title: string;
  readonly body: Markup;
  /** HTTP status; 200 if left out. */
  readonly status?: number;
  /** Where its forms may lead besides here, redirects included (CSP `form-action`). */
  readonly formTargets?: readonly string[];
  /** Loads itself again after so many seconds. */
  readonly refreshSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The document of a page without scripts, readable in light and dark. */
export function renderPage({ title, body }: Page): string {
  const styles = new Markup(`<style>${style}</style>`);
  const meta = new Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">');
  const head = markup`<head>${meta}<title>${title}</title>${styles}</head>`;
  return markup`<!doctype html><html lang="en">${head}<body><main><h1>${title}</h1>${body}</main></body></html>`.text;
}

/** What a page is sent with: it runs no script, is framed by nobody and kept by no cache. */
export function pageHeaders({ formTargets = [], refreshSeconds, headers = {} }: Page): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src ${styleHash}`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    // Not "no-referrer": browsers then send the forms of the page with the origin "null".
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    ...(refreshSeconds === undefined ? {} : { refresh: String(refreshSeconds) }),
    ...headers,
  };
}

/** Answers with a page. */
export function sendPage(response: ServerResponse, page: Page): void {
  response.writeHead(page.status ?? 200, pageHeaders(page)).end(renderPage(page));
}
