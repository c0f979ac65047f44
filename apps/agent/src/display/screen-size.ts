import type { Size } from '@vdi/protocol';

/** Smaller screens make desktops unusable and some encoders refuse them. */
const minimum: Size = { width: 320, height: 240 };

/** The screen that a viewport gets: even, because chroma is halved, and within what the server started with. */
export function screenSizeFor(viewport: Size, maximum: Size): Size {
  return {
    width: evenWithin(viewport.width, minimum.width, maximum.width),
    height: evenWithin(viewport.height, minimum.height, maximum.height),
  };
}

function evenWithin(value: number, least: number, most: number): number {
  const clamped = Math.min(Math.max(Math.round(value), least), most);
  return clamped - (clamped % 2);
}

export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}
