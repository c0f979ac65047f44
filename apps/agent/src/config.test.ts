import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

const minimal = { VDI_SESSION_UID: 'uid-1' };

describe('the configuration', () => {
  it('works with nothing but the session', () => {
    expect(readConfig(minimal, 1000)).toMatchObject({
      listen: { host: '0.0.0.0', port: 8080 },
      mediaPort: 50_000,
      mediaAddresses: [],
      session: { uid: 'uid-1', name: 'uid-1' },
      maximumScreen: { width: 3840, height: 2160 },
      screen: { width: 1280, height: 720 },
      encoder: 'auto',
    });
  });

  it('takes what it is told', () => {
    expect(
      readConfig(
        {
          ...minimal,
          VDI_LISTEN: '[::1]:9000',
          VDI_MEDIA_ADDRESSES: '203.0.113.7:30001',
          VDI_APPLICATIONS: '[{"name":"Firefox","command":["firefox"]}]',
          VDI_ICE_SERVERS: '[{"urls":["turn:turn.example:3478"],"username":"u","credential":"c"}]',
          VDI_SCREEN: '1920x1080',
        },
        1000,
      ),
    ).toMatchObject({
      listen: { host: '::1', port: 9000 },
      mediaAddresses: [{ host: '203.0.113.7', port: 30_001 }],
      applications: [{ name: 'Firefox' }],
      iceServers: [{ urls: ['turn:turn.example:3478'] }],
      screen: { width: 1920, height: 1080 },
    });
  });

  it.each([
    ['VDI_SESSION_UID', ''],
    ['VDI_LISTEN', '8080'],
    ['VDI_LISTEN', 'host:99999'],
    ['VDI_MEDIA_PORT', 'fifty'],
    ['VDI_MEDIA_ADDRESSES', 'host'],
    ['VDI_MAX_SCREEN', 'huge'],
    ['VDI_SCREEN', '0x0'],
    ['VDI_APPLICATIONS', '{"name":1}'],
    ['VDI_APPLICATIONS', 'Firefox'],
    ['VDI_ICE_SERVERS', '[{"url":"turn:x"}]'],
    ['VDI_ENCODER', 'fast'],
    ['VDI_MAX_VIEWERS', '-1'],
  ])('names %s when it is "%s"', (name, value) => {
    const read = (): unknown => readConfig({ ...minimal, [name]: value }, 1000);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(name);
  });
});
