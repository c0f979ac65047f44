import type { IncomingMessage } from 'node:http';
import type { AddressOf } from '../server/client-address.ts';
import type { BrowserRequest } from './browser-request.ts';
import type { SessionHosts } from './session-host.ts';

/** A request that reached the door itself; `undefined` when its host is not one of a session. */
export function directRequest(
  request: IncomingMessage,
  surface: 'http' | 'upgrade',
  { hosts, addressOf }: { readonly hosts: SessionHosts; readonly addressOf: AddressOf },
): BrowserRequest | undefined {
  const label = hosts.labelOf(request.headers.host);
  if (label === undefined) return undefined;
  return {
    method: request.method ?? 'GET',
    label,
    target: request.url ?? '/',
    isUpgrade: surface === 'upgrade',
    headers: request.headers,
    address: addressOf(request),
    surface,
  };
}

/**
 * A request as Traefik describes it to `/verify`. Its headers are those of the browser, without `Upgrade`, which ends at
 * each hop; every WebSocket handshake has a `Sec-WebSocket-Key` (RFC 6455 §4.1).
 */
export function forwardedRequest(request: IncomingMessage, hosts: SessionHosts): BrowserRequest | undefined {
  const { headers } = request;
  const label = hosts.labelOf(single(headers['x-forwarded-host']));
  if (label === undefined) return undefined;
  return {
    method: single(headers['x-forwarded-method']) ?? 'GET',
    label,
    target: single(headers['x-forwarded-uri']) ?? '/',
    isUpgrade: headers['sec-websocket-key'] !== undefined || headers.upgrade !== undefined,
    headers,
    address: lastAddress(headers['x-forwarded-for']) ?? request.socket.remoteAddress ?? '',
    surface: 'verify',
  };
}

/** Node joins repeated headers into one text, which then is no host, method or path. */
function single(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The one that the nearest proxy saw; those before it are claims. */
function lastAddress(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value.split(',').at(-1)?.trim() : undefined;
}
