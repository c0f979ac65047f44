/**
 * Defence against DNS rebinding: a page of another site can make its name mean 127.0.0.1 and so reach this port, but the
 * browser still sends that name as Host, and its own origin as Origin.
 */
const ownNames: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Is `host`, as in the Host header, one of the names this machine's loopback has? */
export function isOwnHost(host: string | undefined): boolean {
  const name = host?.toLowerCase().replace(/:\d{1,5}$/, '');
  return name !== undefined && ownNames.has(name);
}

/** Was the request made by a page of another site? Clients that are not browsers send no Origin. */
export function isForeignOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && origin.toLowerCase() !== `https://${host?.toLowerCase()}`;
}
