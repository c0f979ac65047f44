import { describe, expect, it } from 'vitest';
import { staleRules } from './stale-rules.ts';

const listing = `-P FORWARD ACCEPT
-A FORWARD -j NETAVARK_ISOLATION_1
-A NETAVARK_ISOLATION_1 -i vdisabcd1234567 ! -o vdisabcd1234567 -j NETAVARK_ISOLATION_2
-A NETAVARK_ISOLATION_1 -i vdinabcd7654321 ! -o vdinabcd7654321 -j NETAVARK_ISOLATION_2
-A NETAVARK_ISOLATION_2 -o vdiseeee1234567 -j DROP
-A INPUT -i vdisabcd+ -m comment --comment "vdi: not to this machine" -j REJECT
-A INPUT -i eth0 -j ACCEPT`;

describe('stale firewall rules', () => {
  it('are those about bridges of ours that are gone, and no others', () => {
    expect(staleRules(listing, 'abcd99', (name) => name === 'vdinabcd7654321')).toEqual([
      [
        '-D',
        'NETAVARK_ISOLATION_1',
        '-i',
        'vdisabcd1234567',
        '!',
        '-o',
        'vdisabcd1234567',
        '-j',
        'NETAVARK_ISOLATION_2',
      ],
    ]);
    expect(staleRules(listing, 'abcd99', () => true)).toEqual([]);
  });
});
