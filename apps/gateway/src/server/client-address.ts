import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The IP address of whoever sent a request, for the audit. */
export type AddressOf = (request: IncomingMessage) => string;

/** That of the connection: right where nothing stands in between. */
export const peerAddress: AddressOf = ({ socket }) => socket.remoteAddress ?? '';

/**
 * Believes `X-Forwarded-For` as far as trusted proxies have written it: read from the right, the first address that is none
 * of theirs. What stands further left is what that one claims.
 *
 * @param trusted IP addresses and CIDR blocks
 */
export function addressBehind(trusted: readonly string[]): AddressOf {
  if (trusted.length === 0) return peerAddress;
  const proxies = blockListOf(trusted);
  const isProxy = (address: string): boolean => {
    const version = isIP(address);
    return version !== 0 && proxies.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
  return (request) => {
    const { 'x-forwarded-for': forwarded } = request.headers;
    const claims = typeof forwarded === 'string' ? forwarded.split(',').map((address) => plain(address.trim())) : [];
    const hops = [...claims, plain(peerAddress(request))];
    return hops.findLast((address) => !isProxy(address)) ?? hops[0] ?? '';
  };
}

function blockListOf(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', prefix] = block.split('/');
    const type = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, type);
    else list.addSubnet(address, Number(prefix), type);
  }
  return list;
}

/** IPv4 as a socket for both versions tells it: `::ffff:192.0.2.1`. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
