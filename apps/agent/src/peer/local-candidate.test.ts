import { describe, expect, it } from 'vitest';
import { LocalCandidates, resolveMediaAddresses } from './local-candidate.ts';
import { parseMediaAddresses } from './media-address.ts';

const own = 'a=candidate:2 1 UDP 2116026111 10.42.0.7 50000 typ host';
const second = 'a=candidate:1 1 UDP 2114977791 fd00::2 50000 typ host';

describe('our candidates', () => {
  it('are our own addresses where nothing else is configured', () => {
    const candidates = new LocalCandidates([]);
    expect(candidates.rewrite(own)).toEqual(['candidate:2 1 UDP 2116026111 10.42.0.7 50000 typ host']);
    expect(candidates.rewrite(second)).toHaveLength(1);
  });

  it('are the configured addresses in their order, once, and never our own', () => {
    const candidates = new LocalCandidates(parseMediaAddresses('203.0.113.7:30001, [2001:db8::1]:50000'));
    expect(candidates.rewrite(own)).toEqual([
      'candidate:1 1 UDP 2116026111 203.0.113.7 30001 typ host',
      'candidate:2 1 UDP 2116026110 2001:db8::1 50000 typ host',
    ]);
    expect(candidates.rewrite(second)).toEqual([]);
  });

  it('are none of what is not an address of ours', () => {
    const candidates = new LocalCandidates(parseMediaAddresses('203.0.113.7:30001'));
    expect(candidates.rewrite('candidate:3 1 UDP 1 198.51.100.1 4000 typ srflx raddr 10.0.0.1 rport 50000')).toEqual(
      [],
    );
    expect(candidates.rewrite(own)).toHaveLength(1);
  });

  it('name addresses, because browsers ignore names', async () => {
    const addresses = parseMediaAddresses('desktop.example:50000,127.0.0.1:50001');
    expect(await resolveMediaAddresses(addresses, () => Promise.resolve('192.0.2.9'))).toEqual([
      { host: '192.0.2.9', port: 50_000 },
      { host: '127.0.0.1', port: 50_001 },
    ]);
  });

  it.each(['203.0.113.7', ':50000', 'host:0', 'host:70000', 'host:port'])('are refused as %s', (text) => {
    expect(() => parseMediaAddresses(text)).toThrow('must be host:port');
  });
});
