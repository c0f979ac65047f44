import { describe, expect, it } from 'vitest';
import { cursorStyle, pngSize } from './cursor-style.ts';

/** The beginning of a PNG of this size; nothing after the header is read. */
function aPng(width: number, height: number): string {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return btoa(String.fromCharCode(...bytes));
}

describe('pngSize', () => {
  it('reads the size from the header', () => {
    expect(pngSize(aPng(24, 32))).toEqual({ width: 24, height: 32 });
  });

  it.each([
    ['too short', 'iVBORw0KGgo='],
    ['another format', btoa('GIF89a'.padEnd(40, '.'))],
    ['not base64', `${aPng(1, 1)}") , url("https://example.org/`],
    ['no pixels', aPng(0, 5)],
  ])('refuses what is no picture: %s', (_what, base64) => {
    expect(pngSize(base64)).toBeUndefined();
  });
});

describe('cursorStyle', () => {
  const picture = { png: aPng(24, 24), hotspot: { x: 6, y: 3 } };

  it('uses the picture as it is at one CSS pixel per pixel', () => {
    expect(cursorStyle(picture, 1)).toBe(`url("data:image/png;base64,${picture.png}") 6 3, default`);
  });

  it('shrinks picture and hotspot on a dense display', () => {
    expect(cursorStyle(picture, 0.5)).toBe(`image-set(url("data:image/png;base64,${picture.png}") 2x) 3 2, default`);
  });

  it('keeps within what browsers show', () => {
    expect(cursorStyle({ png: aPng(256, 256), hotspot: { x: 128, y: 128 } }, 1)).toContain(' 2x) 64 64, default');
  });

  it('falls back to the arrow where there is no picture', () => {
    expect(cursorStyle({ png: 'nonsense', hotspot: { x: 0, y: 0 } }, 1)).toBe('default');
  });
});
