import type { Size } from '@vdi/protocol';

/**
 * How many pixels the desktop gets for the space it is shown in.
 * `sharp`: one for each pixel of this display. `large`: one for each CSS pixel, so text is as large as on this machine.
 * `light`: three quarters of that, for slow networks.
 */
export type Resolution = 'sharp' | 'large' | 'light';

const lightShare = 0.75;
/** Smaller, and no desktop is usable. */
const smallest: Size = { width: 320, height: 240 };
/** The protocol's limit. */
const largestSide = 16_384;

/**
 * The screen size to ask for, even in both directions.
 * @param surface in CSS pixels
 */
export function desiredViewport(surface: Size, devicePixelRatio: number, resolution: Resolution): Size {
  const factor = resolution === 'sharp' ? devicePixelRatio : resolution === 'light' ? lightShare : 1;
  return {
    width: evenSide(surface.width * factor, smallest.width),
    height: evenSide(surface.height * factor, smallest.height),
  };
}

function evenSide(pixels: number, least: number): number {
  // Rounded first: 1280.0000001 from a fractional device pixel ratio is 1280.
  const whole = Math.floor(Math.round(pixels * 100) / 100);
  return Math.min(Math.max(whole - (whole % 2), least), largestSide);
}
