/**
 * Everything of the provider that is reachable, below its issuer. The library serves more; what nobody needs here, nobody
 * gets to.
 */
export const providerRoutes = [
  'GET /.well-known/openid-configuration',
  'GET /jwks',
  'GET /auth',
  'GET /auth/:uid',
  'GET /interaction/:uid',
  'POST /interaction/:uid',
  'POST /token',
] as const;

const patterns = providerRoutes.map(
  (route) => new RegExp(`^${route.replaceAll('.', '\\.').replace(':uid', '[\\w-]+')}$`),
);

/** @param path below the issuer, without the query */
export function isProviderRoute(method: string, path: string): boolean {
  return patterns.some((pattern) => pattern.test(`${method} ${path}`));
}
