import type { KoffiFunc } from 'koffi';
import { openSharedLibrary, type Pointer } from './shared-library.ts';

/*
 * The two conversions of libyuv that capture needs. "ARGB" is libyuv's name for the byte order B, G, R, A in memory,
 * which is what a little-endian X server with 24 bits of depth delivers. BT.601, limited range.
 */

type Plane = readonly [address: Pointer, stride: number];
type Extent = readonly [width: number, height: number];
type ToI420 = (...call: readonly [...source: Plane, ...y: Plane, ...u: Plane, ...v: Plane, ...Extent]) => number;
type ToNv12 = (...call: readonly [...source: Plane, ...y: Plane, ...uv: Plane, ...Extent]) => number;

export interface Yuv {
  readonly argbToI420: ToI420;
  readonly argbToNv12: ToNv12;
}

let loaded: Yuv | undefined;

/** @throws MissingLibraryError without libyuv */
export function loadYuv(): Yuv {
  if (loaded) return loaded;
  const library = openSharedLibrary('libyuv.so.0', 'libyuv0');
  loaded = {
    argbToI420: library.func(
      'int ARGBToI420(uintptr_t src, int src_stride, uintptr_t y, int y_stride, uintptr_t u, int u_stride, uintptr_t v, int v_stride, int width, int height)',
    ) as KoffiFunc<ToI420>,
    argbToNv12: library.func(
      'int ARGBToNV12(uintptr_t src, int src_stride, uintptr_t y, int y_stride, uintptr_t uv, int uv_stride, int width, int height)',
    ) as KoffiFunc<ToNv12>,
  };
  return loaded;
}
