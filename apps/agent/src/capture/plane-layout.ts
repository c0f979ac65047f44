import type { Size } from '@vdi/protocol';
import type { PixelFormat } from './picture.ts';

/** Where the planes of a 4:2:0 picture lie in memory, in bytes. */
export interface PlaneLayout {
  readonly lumaStride: number;
  readonly chromaStride: number;
  /** Offsets of the chroma planes: U and V, or the one that holds both. */
  readonly chromaOffsets: readonly [number, number] | readonly [number];
  readonly bytes: number;
}

/** As GStreamer lays pictures out unless told otherwise: rows begin at multiples of four (gst_video_info_set_format). */
export function planeLayout(format: PixelFormat, { width, height }: Size): PlaneLayout {
  const lumaStride = roundUp4(width);
  const lumaBytes = lumaStride * height;
  if (format === 'NV12') {
    const bytes = lumaBytes + (lumaStride * height) / 2;
    return { lumaStride, chromaStride: lumaStride, chromaOffsets: [lumaBytes], bytes };
  }
  const chromaStride = roundUp4(width / 2);
  const chromaBytes = (chromaStride * height) / 2;
  const chromaOffsets = [lumaBytes, lumaBytes + chromaBytes] as const;
  return { lumaStride, chromaStride, chromaOffsets, bytes: lumaBytes + 2 * chromaBytes };
}

function roundUp4(value: number): number {
  return (value + 3) & ~3;
}
