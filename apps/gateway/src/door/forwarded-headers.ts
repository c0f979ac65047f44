import type { IncomingMessage } from 'node:http';
import { cookiesOf } from './door-cookies.ts';

/** Pairs of name and value in the order in which they are sent, repeated names included. */
type Headers = readonly (readonly [name: string, value: string])[];

/** RFC 9110 §7.6.1, and what older programs treat alike. */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Credentials of the platform, and what only a proxy may say about a request. */
const neverForwarded =
  /^(?:authorization|cookie|expect|forwarded|via|x-forwarded-.*|x-real-ip|x-original-.*|x-vdi-.*|http2-settings)$/;

/** What a desktop may not do to the other hosts of the domain, or to the door. */
const neverAnswered =
  /^(?:clear-site-data|x-vdi-.*|strict-transport-security|alt-svc|public-key-pins.*|nel|report-to)$/;

/** Cookies of the dashboard, the door and the provider; ours all begin alike, the provider's have fixed names. */
const platformCookie = /^(?:__host-|__secure-)?(?:vdi|_session|_interaction|_grant|_state)/i;

export interface Passage {
  readonly ticket: string;
  /** As browsers see it, `alice.localhost:9000`. */
  readonly host: string;
  readonly protocol: 'http' | 'https';
  /** IP address of the browser. */
  readonly address: string;
}

/** What the desktop is told: the request without credentials, and exactly one ticket. */
export function requestHeaders(request: IncomingMessage, passage: Passage): Headers {
  const { ticket, host, protocol, address } = passage;
  const named = namedInConnection(request.headers.connection);
  const kept = pairs(request.rawHeaders).filter(([name]) => {
    const lower = canonical(name);
    return lower !== 'host' && !hopByHop.has(lower) && !named.has(lower) && !neverForwarded.test(lower);
  });
  const cookies = desktopCookies(request.headers.cookie);
  return [
    ['Host', host],
    ...kept,
    ...(cookies === undefined ? [] : [['Cookie', cookies] as const]),
    ...(request.headers['transfer-encoding'] === undefined ? [] : [['Transfer-Encoding', 'chunked'] as const]),
    ['X-Forwarded-For', address],
    ['X-Forwarded-Host', host],
    ['X-Forwarded-Proto', protocol],
    ['X-Vdi-Ticket', ticket],
  ];
}

/** The cookies of the desktop itself among those of a request; undefined when there are none. */
export function desktopCookies(header: string | undefined): string | undefined {
  const cookies = cookiesOf(header).filter(({ name }) => !platformCookie.test(name));
  return cookies.length === 0 ? undefined : cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** What the browser is told: the answer of the desktop, within the bounds of its own host. */
export function responseHeaders(upstream: IncomingMessage): Headers {
  const named = namedInConnection(upstream.headers.connection);
  const kept = pairs(upstream.rawHeaders).filter(([name, value]) => {
    const lower = canonical(name);
    if (hopByHop.has(lower) || named.has(lower) || neverAnswered.test(lower) || lower === 'x-frame-options')
      return false;
    return lower !== 'set-cookie' || isOwnCookie(value);
  });
  const has = new Set(kept.map(([name]) => name.toLowerCase()));
  const defaults = Object.entries(whereAbsent).filter(([name]) => !has.has(name.toLowerCase()));
  // Policies add up: a second one can only forbid more.
  return [...kept, ...defaults, ['X-Frame-Options', 'DENY'], ['Content-Security-Policy', "frame-ancestors 'none'"]];
}

const whereAbsent: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A cookie with a `Domain` would reach every other host below it; one with our names would pass for ours. */
function isOwnCookie(setCookie: string): boolean {
  const [name = '', ...attributes] = setCookie.split(';');
  return !platformCookie.test(name.trim()) && !attributes.some((attribute) => /^\s*domain\s*(?:=|$)/i.test(attribute));
}

/** Some servers read `X_Vdi_Ticket` as `X-Vdi-Ticket`: so do we, to strip it. */
function canonical(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

function namedInConnection(connection: string | undefined): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((token) => canonical(token.trim())));
}

function pairs(rawHeaders: readonly string[]): Headers {
  return Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
    rawHeaders[index * 2] ?? '',
    rawHeaders[index * 2 + 1] ?? '',
  ]);
}
