import type { Size } from '@vdi/protocol';
import type { Point } from '../video/place-screen.ts';

/** Browsers ignore larger cursors, measured in CSS pixels. */
const largestSide = 128;

/** The pointer's picture as the desktop has it. */
export interface CursorPicture {
  /** Base64. */
  readonly png: string;
  /** In pixels of the desktop. */
  readonly hotspot: Point;
}

/**
 * The CSS `cursor` that shows `picture` as large as the desktop around it.
 * @param scale CSS pixels for one pixel of the desktop
 */
export function cursorStyle({ png, hotspot }: CursorPicture, scale: number): string {
  const size = pngSize(png);
  if (!size) return 'default';
  const fitted = Math.min(scale, largestSide / Math.max(size.width, size.height));
  const address = `url("data:image/png;base64,${png}")`;
  const spot = `${Math.round(hotspot.x * fitted)} ${Math.round(hotspot.y * fitted)}`;
  if (Math.abs(fitted - 1) < 0.01) return `${address} ${spot}, default`;
  return `image-set(${address} ${Number((1 / fitted).toFixed(3))}x) ${spot}, default`;
}

/** Width and height from the header of a PNG (ISO/IEC 15948, IHDR); undefined for anything else. */
export function pngSize(base64: string): Size | undefined {
  // The first 24 bytes are 32 characters; nothing that base64 cannot hold may reach a style.
  if (base64.length < 32 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const header = Uint8Array.from(atob(base64.slice(0, 32)), (character) => character.charCodeAt(0));
  const view = new DataView(header.buffer);
  if (view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== 0x49484452) return undefined;
  const size = { width: view.getUint32(16), height: view.getUint32(20) };
  return size.width > 0 && size.height > 0 ? size : undefined;
}
