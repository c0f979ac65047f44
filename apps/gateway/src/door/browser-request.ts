import type { IncomingHttpHeaders } from 'node:http';

/** What the door decides by: a request as it came, or as Traefik describes it to `/verify`. */
export interface BrowserRequest {
  readonly method: string;
  /** First label of the session's host. */
  readonly label: string;
  /** As sent: path and query, never decoded. */
  readonly target: string;
  readonly isUpgrade: boolean;
  readonly headers: IncomingHttpHeaders;
  /** IP address, for the audit. */
  readonly address: string;
  readonly surface: 'http' | 'upgrade' | 'verify';
}

/** Somebody opens the page in a tab: nothing else may lead to a sign-in or start a desktop. */
export function isNavigation({ method, headers, isUpgrade }: BrowserRequest): boolean {
  if (isUpgrade || (method !== 'GET' && method !== 'HEAD')) return false;
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return (headers.accept ?? '').includes('text/html');
}

/** A browser that only looks ahead (Speculation Rules, `<link rel=prefetch>`): nobody has asked for anything yet. */
export function isLookingAhead({ headers }: BrowserRequest): boolean {
  return headers['sec-purpose'] !== undefined || headers['purpose'] === 'prefetch';
}

/**
 * Whether the page that sent this may have done so. Upgrades and everything that may change something need the `Origin`
 * of the session's own page, letter for letter; what merely reads may come from there, from the address bar or a link.
 */
export function comesFromOwnPage(request: BrowserRequest, ownOrigin: string): boolean {
  const { method, isUpgrade, headers } = request;
  if (isUpgrade || (method !== 'GET' && method !== 'HEAD')) return headers.origin === ownOrigin;
  if (headers.origin !== undefined && headers.origin !== ownOrigin) return false;
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none' || isNavigation(request);
}

/** The path alone. */
export function pathOf({ target }: Pick<BrowserRequest, 'target'>): string {
  return target.split('?', 1)[0] ?? '/';
}
