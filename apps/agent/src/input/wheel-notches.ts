/** Gathers wheel movement in pixels into the whole notches that X knows, and keeps the rest for later. */
export interface WheelNotches {
  /** Whole notches of this movement: positive is right and down. */
  add(dx: number, dy: number): { readonly right: number; readonly down: number };
}

/** What one notch of a mouse wheel reports in browsers, give or take: Chromium 100 to 120, Firefox 3 lines of 16 to 48. */
const pixelsPerNotch = 100;
/** One event never scrolls further than this; a broken client cannot keep the server busy. */
const mostNotches = 32;

export function createWheelNotches(): WheelNotches {
  const rest = { x: 0, y: 0 };
  const gather = (axis: 'x' | 'y', pixels: number): number => {
    // A turn in direction starts afresh, or the first movement back would be swallowed.
    const before = Math.sign(rest[axis]) === -Math.sign(pixels) ? 0 : rest[axis];
    const total = before + pixels;
    const notches = Math.trunc(total / pixelsPerNotch);
    rest[axis] = total - notches * pixelsPerNotch;
    return Math.max(-mostNotches, Math.min(mostNotches, notches)) + 0;
  };
  return { add: (dx, dy) => ({ right: gather('x', dx), down: gather('y', dy) }) };
}
