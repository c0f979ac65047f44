import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodePng } from './encode-png.ts';
import { straightAlpha } from './straight-alpha.ts';

describe('a cursor picture', () => {
  it('is a PNG with the pixels it was made of', () => {
    const rgba = Buffer.from([255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 0, 9, 8, 7, 6, 1, 2, 3, 4, 5, 6, 7, 8]);
    const png = encodePng(3, 2, rgba);
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([3, 2]);
    // The checksum that ISO/IEC 15948 gives for every end of file.
    expect(png.subarray(-4).toString('hex')).toBe('ae426082');
    const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
    expect(pixels).toEqual(
      Buffer.concat([Buffer.from([0]), rgba.subarray(0, 12), Buffer.from([0]), rgba.subarray(12)]),
    );
  });

  it('has straight alpha where X multiplied it in', () => {
    const premultiplied = Buffer.from([0, 0, 255, 255, 64, 0, 0, 128, 0, 0, 0, 0]);
    expect([...straightAlpha(premultiplied)]).toEqual([255, 0, 0, 255, 0, 0, 128, 128, 0, 0, 0, 0]);
  });
});
