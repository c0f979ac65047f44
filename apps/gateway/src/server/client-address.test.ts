import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressBehind } from './client-address.ts';

/** What a server that trusts `trusted` takes the address of a request from this machine for. */
async function addressSeen(trusted: readonly string[], forwarded: string | undefined): Promise<string> {
  const addressOf = addressBehind(trusted);
  const server = createServer((request, response) => response.end(addressOf(request))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const asked = httpRequest({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', headers }).end();
  const [response] = (await once(asked, 'response')) as [AsyncIterable<Buffer>];
  let address = '';
  for await (const chunk of response) address += String(chunk);
  server.close();
  return address;
}

describe('the address of a browser', () => {
  it.each([
    ['nobody is trusted', [], '192.0.2.7', '127.0.0.1'],
    ['the peer is a proxy', ['127.0.0.0/8'], '192.0.2.7', '192.0.2.7'],
    ['the peer is a proxy by its address', ['127.0.0.1'], '192.0.2.7', '192.0.2.7'],
    ['the peer is none of the proxies', ['10.0.0.0/8'], '192.0.2.7', '127.0.0.1'],
    ['there are two proxies', ['127.0.0.1', '10.0.0.0/8'], '192.0.2.7, 10.1.2.3', '192.0.2.7'],
    ['the browser claims to be another', ['127.0.0.1'], '198.51.100.1, 192.0.2.7', '192.0.2.7'],
    ['the proxy says nothing', ['127.0.0.1'], undefined, '127.0.0.1'],
    ['it is of version 6', ['127.0.0.1', 'fd00::/8'], '2001:db8::1, fd00::5', '2001:db8::1'],
    ['it is told as IPv4 in IPv6', ['127.0.0.1'], '::ffff:192.0.2.7', '192.0.2.7'],
  ])('is right when %s', async (_when, trusted, forwarded, expected) => {
    expect(await addressSeen(trusted, forwarded)).toBe(expected);
  });
});
