import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planeLayout } from './plane-layout.ts';

describe('the layout of a picture', () => {
  it('is as GStreamer computes it', () => {
    expect(planeLayout('I420', { width: 642, height: 478 })).toEqual({
      lumaStride: 644,
      chromaStride: 324,
      chromaOffsets: [307_832, 385_268],
      bytes: 462_704,
    });
    expect(planeLayout('NV12', { width: 1366, height: 768 })).toEqual({
      lumaStride: 1368,
      chromaStride: 1368,
      chromaOffsets: [1_050_624],
      bytes: 1_575_936,
    });
  });

  it('keeps planes apart and inside, for every even size', () => {
    const half = fc.integer({ min: 160, max: 2000 });
    fc.assert(
      fc.property(fc.constantFrom('I420', 'NV12'), half, half, (format, halfWidth, halfHeight) => {
        const size = { width: halfWidth * 2, height: halfHeight * 2 };
        const { lumaStride, chromaStride, chromaOffsets, bytes } = planeLayout(format, size);
        const starts = [0, ...chromaOffsets, bytes];
        const lengths = [lumaStride * size.height, ...chromaOffsets.map(() => chromaStride * halfHeight)];
        lengths.forEach((length, plane) => expect((starts[plane] ?? 0) + length).toBe(starts[plane + 1]));
        expect(lumaStride).toBeGreaterThanOrEqual(size.width);
      }),
    );
  });
});
