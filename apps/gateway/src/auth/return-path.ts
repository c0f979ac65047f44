/** Where to go after signing in: a path here, never another site. Anything else becomes `/`. */
export function returnPath(wanted: string | null | undefined): string {
  if (wanted === null || wanted === undefined || !wanted.startsWith('/')) return '/';
  // Resolved as a browser does it, which takes "//x", "/\x" and tabs for ways to other hosts.
  const here = 'http://here.invalid';
  const url = URL.parse(wanted, here);
  return url?.origin === here ? `${url.pathname}${url.search}` : '/';
}
