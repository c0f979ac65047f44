/** The value of a cookie in a `Cookie` header (RFC 6265, section 4.2); the first one when there are several. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/**
 * A `Set-Cookie` for this very host, which no other host can set or read and no script sees. Browsers take `Secure` over plain
 * http from `localhost` and its subdomains. Lax: it has to come along when the provider sends the browser back.
 */
export function hostCookie(name: string, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; Secure; SameSite=Lax`;
}
