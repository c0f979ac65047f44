import { describe, expect, it } from 'vitest';
import { effectiveTemplate } from './effective-template.ts';

describe('a template that says nothing', () => {
  it('is a desktop behind our display, with a home and careful settings', () => {
    expect(effectiveTemplate({ image: 'debian:13' })).toEqual({
      image: 'debian:13',
      protocol: 'webrtc',
      bringsWebDesktop: false,
      port: 8080,
      gpu: { mode: 'shared', render: false, encoder: 'auto', whenUnavailable: 'software' },
      persistence: { enabled: true, mountPath: '/home/user', sharedVolumes: [] },
      lifecycle: { idleAction: 'suspend', gracePeriod: '30s' },
      policy: {
        clipboard: 'both',
        files: 'both',
        audio: true,
        microphone: true,
        sharing: 'control',
        recording: 'none',
        egress: 'internet',
      },
      security: { runAsUser: 1000, readOnlyRootFilesystem: true },
    });
  });

  it('takes port, home and file system from an image that is known to bring its own desktop', () => {
    expect(effectiveTemplate({ image: 'kasmweb/desktop:1.17.0' })).toMatchObject({
      protocol: 'kasmvnc',
      bringsWebDesktop: true,
      port: 6901,
      persistence: { mountPath: '/home/kasm-user' },
      security: { readOnlyRootFilesystem: false },
    });
  });
});

describe('a template that says something', () => {
  it('is believed, field by field', () => {
    const effective = effectiveTemplate({
      image: 'kasmweb/desktop:1.17.0',
      protocol: 'http',
      port: 9000,
      gpu: { encoder: 'software' },
      persistence: { enabled: false, mountPath: '/data' },
      policy: { clipboard: 'none' },
      security: { readOnlyRootFilesystem: true },
    });
    expect(effective).toMatchObject({
      protocol: 'http',
      port: 9000,
      gpu: { mode: 'shared', encoder: 'software' },
      persistence: { enabled: false, mountPath: '/data' },
      policy: { clipboard: 'none', files: 'both' },
      security: { runAsUser: 1000, readOnlyRootFilesystem: true },
    });
  });

  it('cannot move the port of our own display', () => {
    expect(effectiveTemplate({ image: 'debian:13', protocol: 'vnc', port: 5900 }).port).toBe(8080);
  });
});
