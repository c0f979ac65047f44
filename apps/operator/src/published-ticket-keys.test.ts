import { startTestCluster } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { resources } from './objects/resources.ts';
import { publishedTicketKeys } from './published-ticket-keys.ts';

const name = { namespace: 'vdi', name: 'vdi-ticket-keys' };

async function keysFrom(data: Readonly<Record<string, string>>): Promise<unknown> {
  await using cluster = await startTestCluster();
  await cluster.kube.create(resources.configMaps, { metadata: name, data });
  return await publishedTicketKeys(cluster.kube, name)();
}

describe('the published ticket keys', () => {
  it('are read as the gateway wrote them', async () => {
    const keys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AAAA' }] };
    expect(await keysFrom({ 'jwks.json': JSON.stringify(keys) })).toEqual(keys);
  });

  it('are refused when a private key is among them', async () => {
    const keys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AAAA', d: 'BBBB' }] };
    await expect(keysFrom({ 'jwks.json': JSON.stringify(keys) })).rejects.toThrow('private key');
  });

  it.each([{}, { 'jwks.json': '{"keys":[]}' }, { 'other.json': '{}' }])('are missed in %j', async (data) => {
    await expect(keysFrom(data)).rejects.toThrow('the gateway writes them');
  });
});
