import koffi from 'koffi';
import type { Size } from '@vdi/protocol';
import type { Pointer } from '../native/shared-library.ts';
import { loadYuv } from '../native/yuv.ts';
import type { PixelFormat } from './picture.ts';
import { planeLayout } from './plane-layout.ts';
import type { Rows } from './rows.ts';

/** The screen in an encoder's pixel format, kept from frame to frame: only rows that changed are converted again. */
export interface StandingFrame extends Disposable {
  readonly address: Pointer;
  bytes(size: Size): number;
  /** Converts `rows` of a screen of `size` whose BGRX pixels begin at `pixels`. Rows are even. */
  convert(pixels: Pointer, size: Size, rows: Rows): void;
}

const bytesPerScreenPixel = 4;

/** Takes the memory of the largest screen at once; pages that are never written are never allocated. */
export function createStandingFrame(format: PixelFormat, maximum: Size): StandingFrame {
  const yuv = loadYuv();
  const bytes = (size: Size) => planeLayout(format, size).bytes;
  // Rows of narrow screens are padded, so the widest screen is not quite the largest picture.
  const memory: unknown = koffi.alloc('uint8_t', bytes({ width: maximum.width + 4, height: maximum.height }));
  const address = koffi.address(memory);

  const convert = (pixels: Pointer, size: Size, { top, bottom }: Rows): void => {
    const { lumaStride, chromaStride, chromaOffsets } = planeLayout(format, size);
    const stride = size.width * bytesPerScreenPixel;
    const source = [pixels + BigInt(top * stride), stride] as const;
    const luma = [address + BigInt(top * lumaStride), lumaStride] as const;
    const chroma = (offset: number) => [address + BigInt(offset + (top / 2) * chromaStride), chromaStride] as const;
    const extent = [size.width, bottom - top] as const;
    const [first, second] = chromaOffsets;
    if (second === undefined) yuv.argbToNv12(...source, ...luma, ...chroma(first), ...extent);
    else yuv.argbToI420(...source, ...luma, ...chroma(first), ...chroma(second), ...extent);
  };
  return { address, bytes, convert, [Symbol.dispose]: () => koffi.free(memory) };
}
