import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnScreen, placeScreen, toScreenPoint, toSurfacePoint } from './place-screen.ts';

const hd = { width: 1280, height: 720 };

describe('placeScreen', () => {
  it('fills a surface of the same size, pixel for pixel', () => {
    expect(placeScreen(hd, hd, 1)).toEqual({ left: 0, top: 0, width: 1280, height: 720, isExact: true });
  });

  it('counts in pixels of the display', () => {
    expect(placeScreen({ width: 640, height: 360 }, hd, 2)).toEqual({
      left: 0,
      top: 0,
      width: 640,
      height: 360,
      isExact: true,
    });
  });

  it('keeps the pixels as they are when the desktop is a few smaller, because it rounds', () => {
    expect(placeScreen({ width: 1285, height: 721 }, hd, 1)).toMatchObject({ left: 2, width: 1280, isExact: true });
  });

  it('puts bars beside a picture of another shape', () => {
    expect(placeScreen({ width: 1000, height: 1000 }, hd, 1)).toEqual({
      left: 0,
      top: 218,
      width: 1000,
      height: 563,
      isExact: false,
    });
  });

  it('never stretches, never exceeds the surface, and lies on whole pixels of the display', () => {
    const side = fc.integer({ min: 50, max: 4_000 });
    const ratio = fc.constantFrom(1, 1.25, 1.5, 2, 3);
    fc.assert(
      fc.property(side, side, side, side, ratio, (width, height, screenWidth, screenHeight, devicePixelRatio) => {
        const screen = { width: screenWidth, height: screenHeight };
        const placed = placeScreen({ width, height }, screen, devicePixelRatio);
        const onePixel = 1 / devicePixelRatio;
        expect(placed.width).toBeLessThanOrEqual(width + onePixel);
        expect(placed.height).toBeLessThanOrEqual(height + onePixel);
        const horizontal = (placed.width * devicePixelRatio) / screenWidth;
        expect(Math.abs(horizontal * screenHeight - placed.height * devicePixelRatio)).toBeLessThanOrEqual(
          0.5 * (1 + screenHeight / screenWidth) + 1e-6,
        );
        for (const edge of [placed.left, placed.top, placed.width]) {
          const pixels = edge * devicePixelRatio;
          expect(pixels).toBeCloseTo(Math.round(pixels), 5);
        }
      }),
    );
  });
});

describe('toScreenPoint', () => {
  const surface = { width: 1000, height: 1000 };
  const placement = placeScreen(surface, hd, 1);

  it('maps the corners of the picture to the corners of the desktop', () => {
    expect(toScreenPoint({ x: 0, y: 218 }, placement, hd)).toEqual({ x: 0, y: 0 });
    expect(toScreenPoint({ x: 999.9, y: 780.9 }, placement, hd)).toEqual({ x: 1279, y: 719 });
  });

  it('keeps a pointer that left the picture on its edge', () => {
    expect(toScreenPoint({ x: -50, y: 5 }, placement, hd)).toEqual({ x: 0, y: 0 });
    expect(toScreenPoint({ x: 5_000, y: 5_000 }, placement, hd)).toEqual({ x: 1279, y: 719 });
  });

  it('finds each pixel again when the picture is exact', () => {
    const exact = placeScreen({ width: 640, height: 360 }, hd, 2);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1279 }), fc.integer({ min: 0, max: 719 }), (x, y) => {
        expect(toScreenPoint({ x: (x + 0.5) / 2, y: (y + 0.5) / 2 }, exact, hd)).toEqual({ x, y });
      }),
    );
  });

  it('puts a pixel where a pointer on it would be taken for it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1279 }), fc.integer({ min: 0, max: 719 }), (x, y) => {
        const middle = toSurfacePoint({ x: x + 0.5, y: y + 0.5 }, placement, hd);
        expect(toScreenPoint(middle, placement, hd)).toEqual({ x, y });
      }),
    );
  });

  it('tells the picture from the bars beside it', () => {
    expect(isOnScreen({ x: 500, y: 217 }, placement)).toBe(false);
    expect(isOnScreen({ x: 500, y: 218 }, placement)).toBe(true);
    expect(isOnScreen({ x: 500, y: 781 }, placement)).toBe(false);
  });
});
