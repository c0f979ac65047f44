import { describe, expect, it } from 'vitest';
import { effectiveProtocol, knownImage } from './known-images.ts';

describe('an image', () => {
  it.each([
    ['ghcr.io/selkies-project/nvidia-egl-desktop:24.04', 'selkies', 8080],
    ['docker.io/kasmweb/firefox:1.17.0', 'kasmvnc', 6901],
    ['kasmweb/desktop', 'kasmvnc', 6901],
    ['lscr.io/linuxserver/webtop:ubuntu-xfce', 'selkies', 3000],
    ['registry.example.com:5000/kasmweb/terminal@sha256:00', 'kasmvnc', 6901],
  ])('%s brings its own desktop', (image, protocol, port) => {
    expect(knownImage(image)).toMatchObject({ hasDesktop: true, protocol, port });
    expect(effectiveProtocol({ image })).toBe(protocol);
  });

  it.each([
    'ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest',
    'ghcr.io/selkies-project/selkies-gstreamer/coturn',
  ])('%s holds no desktop, and another one is named that does', (image) => {
    const known = knownImage(image);
    expect(known).toMatchObject({ hasDesktop: false });
    expect(known?.hasDesktop === false ? knownImage(known.instead) : undefined).toMatchObject({ hasDesktop: true });
  });

  it.each(['debian:13', 'registry.example.com:5000/team/app', 'kasmweb.example.com/app:1', 'example.com/gst-web'])(
    '%s is an ordinary one',
    (image) => {
      expect(knownImage(image)).toBeUndefined();
      expect(effectiveProtocol({ image })).toBe('webrtc');
    },
  );

  it('is streamed as its template says, whatever is known', () => {
    expect(effectiveProtocol({ image: 'kasmweb/desktop', protocol: 'vnc' })).toBe('vnc');
  });
});
