import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { escapeHtml } from './escape-html.ts';

/** The few pages of the door: one card with a heading, what happened, what to do, and at most one button. */
export interface PageContent {
  readonly title: string;
  readonly message: string;
  readonly whatToDo: string;
  /** An empty `href` is this page again. */
  readonly action?: { readonly label: string; readonly href: string };
}

const style = readFileSync(new URL('door.css', import.meta.url), 'utf8');
const styleHash = createHash('sha256').update(style).digest('base64');

const common = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
];

/** Content security policy of pages without a script. */
export const pagePolicy = common.join('; ');
/** … and of those that load one of ours, which listens to the door. */
export const livePagePolicy = [...common, "script-src 'self'", "connect-src 'self'"].join('; ');

/** @param rest markup below the text; must be escaped already */
export function page(content: PageContent, rest = '', head = ''): string {
  const { title, message, whatToDo, action } = content;
  const button =
    action === undefined ? '' : `<a class="action" href="${escapeHtml(action.href)}">${escapeHtml(action.label)}</a>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
${head}</head>
<body>
<main>
<h1 id="title">${escapeHtml(title)}</h1>
<p id="message">${escapeHtml(message)}</p>
<p id="todo">${escapeHtml(whatToDo)}</p>
${rest}${button}
</main>
</body>
</html>
`;
}
