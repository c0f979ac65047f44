/** What a path names. */
export type Route =
  | { readonly type: 'document'; readonly path: string }
  | { readonly type: 'groupVersion'; readonly group: string; readonly version: string }
  | ResourceRoute;

export interface ResourceRoute {
  readonly type: 'resource';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string;
  readonly name: string;
  /** '' or `status`, `log`, `proxy`. */
  readonly subresource: string;
  /** What follows the subresource, of `proxy` alone. */
  readonly rest: string;
}

/** Splits `/api/v1/…` and `/apis/<group>/<version>/…`; any other path is that of a document. Throws URIError. */
export function parseRoute(pathname: string): Route {
  const segments = pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decodeURIComponent);
  const [root, ...rest] = segments;
  if (root === 'api' && rest.length > 0) return parseVersion('', rest);
  if (root === 'apis' && rest.length > 1) return parseVersion(rest[0] ?? '', rest.slice(1));
  return { type: 'document', path: `/${segments.join('/')}` };
}

function parseVersion(group: string, [version = '', ...rest]: readonly string[]): Route {
  if (rest.length === 0) return { type: 'groupVersion', group, version };
  // /namespaces/<name>, /status and /finalize are of the Namespace; anything longer is in it
  const isNamespaced =
    rest[0] === 'namespaces' &&
    rest.length > 2 &&
    !(rest.length === 3 && ['status', 'finalize'].includes(rest[2] ?? ''));
  const namespace = isNamespaced ? (rest[1] ?? '') : '';
  const [plural = '', name = '', subresource = '', ...deeper] = isNamespaced ? rest.slice(2) : rest;
  return { type: 'resource', group, version, plural, namespace, name, subresource, rest: deeper.join('/') };
}
