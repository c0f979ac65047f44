import type { ServerResponse } from 'node:http';

/** What everything on the dashboard's host is sent with, errors and redirects included; pages may be stricter. */
export function securityHeaders(publicUrl: URL, issuer: URL): Readonly<Record<string, string>> {
  const { protocol, host, origin } = publicUrl;
  const isSecure = protocol === 'https:';
  // Signing out and opening a session lead there.
  const elsewhere = [issuer.origin, `${protocol}//*.${host}`];
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    // Not every browser takes "self" for its WebSocket, too.
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    `form-action 'self' ${elsewhere.join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    ...(isSecure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

export function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
