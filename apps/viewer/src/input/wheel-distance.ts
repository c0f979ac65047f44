/** What the wheel logic needs to know of a `WheelEvent`. */
export interface WheelTurn {
  readonly deltaX: number;
  readonly deltaY: number;
  /** `WheelEvent.deltaMode`: 0 pixels, 1 lines, 2 pages. */
  readonly deltaMode: number;
  readonly shift: boolean;
}

export interface WheelDistance {
  readonly dx: number;
  readonly dy: number;
}

/** Firefox turns one notch of a wheel into three lines; Chromium into 100 to 120 pixels, of which the agent makes notches. */
const pixelsPerLine = 34;
const pixelsPerPage = 800;
/** The protocol's limit. */
const furthest = 10_000;

/** The distance in pixels; one notch of a wheel is 100 or a little more. */
export function wheelDistance({ deltaX, deltaY, deltaMode, shift }: WheelTurn): WheelDistance {
  const unit = deltaMode === 1 ? pixelsPerLine : deltaMode === 2 ? pixelsPerPage : 1;
  // Browsers turn Shift+wheel sideways. Shift is down on the desktop, too, and there the application decides.
  const isTurned = shift && deltaY === 0;
  const [x, y] = isTurned ? [0, deltaX] : [deltaX, deltaY];
  return { dx: limited(x * unit), dy: limited(y * unit) };
}

function limited(distance: number): number {
  return Number.isFinite(distance) ? Math.min(Math.max(distance, -furthest), furthest) : 0;
}
