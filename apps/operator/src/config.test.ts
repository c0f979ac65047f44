import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const enough = { VDI_POD_NAME: 'operator-0', VDI_DOMAIN: 'vdi.example.com', VDI_DISPLAY_IMAGE: 'display:1' };

describe('the configuration of the operator', () => {
  it('needs no more than a domain, an image and who it is', () => {
    expect(readConfig(enough)).toMatchObject({
      namespace: 'vdi-system',
      settings: {
        address: { kind: 'domain', domain: 'vdi.example.com', port: 443 },
        namespaces: ['vdi-sessions', 'vdi'],
      },
    });
  });

  it('takes other settings as JSON', () => {
    const { settings } = readConfig({ ...enough, VDI_SETTINGS: '{"namespaces":["desks"]}' });
    expect(settings.namespaces).toEqual(['desks']);
    expect(settings.home.size).toBe('10Gi');
  });

  it.each([
    [{ VDI_DOMAIN: '' }, 'VDI_DOMAIN'],
    [{ VDI_DOMAIN: 'https://vdi' }, 'VDI_DOMAIN'],
    [{ VDI_POD_NAME: undefined }, 'VDI_POD_NAME'],
    [{ VDI_LISTEN_PORT: '99999' }, 'VDI_LISTEN_PORT'],
    [{ VDI_LOG_LEVEL: 'loud' }, 'VDI_LOG_LEVEL'],
    [{ VDI_SETTINGS: '[]' }, 'VDI_SETTINGS'],
    [{ VDI_SETTINGS: '{"namespace":["desks"]}' }, '"namespace"'],
  ])('says which variable is wrong: %j', (change, name) => {
    expect(() => readConfig({ ...enough, ...change })).toThrow(name);
  });
});
