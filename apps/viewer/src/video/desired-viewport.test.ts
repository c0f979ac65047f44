import { describe, expect, it } from 'vitest';
import { desiredViewport } from './desired-viewport.ts';

describe('desiredViewport', () => {
  it('is one pixel of the desktop for each pixel of the display when sharp', () => {
    expect(desiredViewport({ width: 1280, height: 720 }, 2, 'sharp')).toEqual({ width: 2560, height: 1440 });
  });

  it('is one for each CSS pixel when text is to be large', () => {
    expect(desiredViewport({ width: 1280, height: 720 }, 2, 'large')).toEqual({ width: 1280, height: 720 });
  });

  it('is fewer when light', () => {
    expect(desiredViewport({ width: 1280, height: 720 }, 2, 'light')).toEqual({ width: 960, height: 540 });
  });

  it('is even, and never more than there is', () => {
    expect(desiredViewport({ width: 1281.5, height: 719.9 }, 1, 'sharp')).toEqual({ width: 1280, height: 718 });
  });

  it('does not lose pixels to the rounding of fractional ratios', () => {
    expect(desiredViewport({ width: 1024.0000001, height: 767.9999999 }, 1.25, 'sharp')).toEqual({
      width: 1280,
      height: 960,
    });
  });

  it('stays usable in a tiny window and within the protocol on a wall of displays', () => {
    expect(desiredViewport({ width: 10, height: 10 }, 1, 'light')).toEqual({ width: 320, height: 240 });
    expect(desiredViewport({ width: 20_000, height: 9_000 }, 2, 'sharp')).toEqual({ width: 16_384, height: 16_384 });
  });
});
