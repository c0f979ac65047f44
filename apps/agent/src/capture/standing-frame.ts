import koffi from 'koffi';
import type { Size } from '@vdi/protocol';
import type { Pointer } from '../native/shared-library.ts';
import { loadYuv } from '../native/yuv.ts';
import type { PixelFormat } from './picture.ts';
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
  const bytes = ({ width, height }: Size) => (width * height * 3) / 2;
  const memory: unknown = koffi.alloc('uint8_t', bytes(maximum));
  const address = koffi.address(memory);

  const convert = (pixels: Pointer, { width, height }: Size, { top, bottom }: Rows): void => {
    const stride = width * bytesPerScreenPixel;
    const source = pixels + BigInt(top * stride);
    const luma = address + BigInt(top * width);
    const chroma = address + BigInt(width * height);
    const rowCount = bottom - top;
    if (format === 'NV12') {
      yuv.argbToNv12(source, stride, luma, width, chroma + BigInt((top / 2) * width), width, width, rowCount);
      return;
    }
    const half = width / 2;
    const u = chroma + BigInt((top / 2) * half);
    const v = u + BigInt((width * height) / 4);
    yuv.argbToI420(source, stride, luma, width, u, half, v, half, width, rowCount);
  };
  return { address, bytes, convert, [Symbol.dispose]: () => koffi.free(memory) };
}
