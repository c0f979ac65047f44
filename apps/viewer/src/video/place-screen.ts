import type { Size } from '@vdi/protocol';

/** Where the desktop's picture lies on the surface, in CSS pixels from the surface's top left corner. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** One pixel of the desktop is one pixel of this display: nothing may be smoothed. */
  readonly isExact: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The agent rounds sizes to even numbers, video modes to eights: a difference below this is not worth a blurred picture. */
const roundingPixels = 8;

/**
 * The largest picture of `screen` that fits into `surface` (CSS pixels) without stretching, centred, with its edges on
 * whole pixels of the display.
 */
export function placeScreen(surface: Size, screen: Size, devicePixelRatio: number): Placement {
  const toCss = 1 / devicePixelRatio;
  const available = { width: surface.width * devicePixelRatio, height: surface.height * devicePixelRatio };
  const isExact = isWithinRounding(available.width, screen.width) && isWithinRounding(available.height, screen.height);
  const scale = isExact ? 1 : Math.min(available.width / screen.width, available.height / screen.height);
  const width = Math.round(screen.width * scale);
  const height = Math.round(screen.height * scale);
  return {
    left: Math.floor((available.width - width) / 2) * toCss,
    top: Math.floor((available.height - height) / 2) * toCss,
    width: width * toCss,
    height: height * toCss,
    isExact: isExact || (width === screen.width && height === screen.height),
  };
}

function isWithinRounding(available: number, wanted: number): boolean {
  return available - wanted > -1 && available - wanted < roundingPixels;
}

/** The desktop's pixel under `point` (CSS pixels on the surface); what lies beside the picture becomes its edge. */
export function toScreenPoint(point: Point, placement: Placement, screen: Size): Point {
  return {
    x: clampPixel(((point.x - placement.left) / placement.width) * screen.width, screen.width),
    y: clampPixel(((point.y - placement.top) / placement.height) * screen.height, screen.height),
  };
}

/** The place on the surface (CSS pixels) of a pixel of the desktop. */
export function toSurfacePoint(pixel: Point, placement: Placement, screen: Size): Point {
  return {
    x: placement.left + (pixel.x / screen.width) * placement.width,
    y: placement.top + (pixel.y / screen.height) * placement.height,
  };
}

/** Whether `point` (CSS pixels on the surface) is on the picture, not on the bars beside it. */
export function isOnScreen(point: Point, placement: Placement): boolean {
  return (
    point.x >= placement.left &&
    point.y >= placement.top &&
    point.x < placement.left + placement.width &&
    point.y < placement.top + placement.height
  );
}

function clampPixel(value: number, pixels: number): number {
  return Math.min(Math.max(Math.floor(value), 0), pixels - 1);
}
