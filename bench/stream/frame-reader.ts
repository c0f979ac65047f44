import type { Page } from 'playwright-core';
import { measureClock } from './wall-clock.ts';
import { marker } from './marker.ts';

/** Reads numbers from the decoded video of a viewer's page, each when its frame is presented. */
export interface FrameReader {
  /**
   * Waits for the first frame that shows `value`, from the moment of the call on.
   * @returns when that frame was presented, in milliseconds since 1970; `undefined` when it does not come in time
   */
  sees(value: number, withinMs: number): Promise<number | undefined>;
  /** Frames that the browser presented so far. */
  presentedFrames(): Promise<number>;
}

/**
 * Adds a standing frame callback to the page. It reads pixels while somebody waits for a number only, and there is no
 * animation frame loop: both would slow the page that is measured.
 */
export async function installFrameReader(page: Page): Promise<FrameReader> {
  const seen = new Map<number, (at: number) => void>();
  await page.exposeFunction('benchSaw', (value: number, at: number) => seen.get(value)?.(at));
  await page.evaluate(script);
  const clock = await measureClock((probe) => page.evaluate(probe));
  return {
    async sees(value, withinMs) {
      const sight = Promise.withResolvers<number | undefined>();
      seen.set(value, (at) => sight.resolve(clock.toWall(at)));
      const timer = setTimeout(() => sight.resolve(undefined), withinMs);
      try {
        return await sight.promise;
      } finally {
        clearTimeout(timer);
        seen.delete(value);
      }
    },
    presentedFrames: () => page.evaluate('bench.presentedFrames'),
  };
}

const width = marker.cells * marker.cell;
/** Tells each number that differs from the one before. The moment is taken before the pixels are read. */
const script = `(() => {
  const video = document.querySelector('video');
  const context = new OffscreenCanvas(${width}, ${marker.cell}).getContext('2d', { willReadFrequently: true });
  globalThis.bench = { presentedFrames: 0, isReading: false };
  let last = -1;
  const read = () => {
    context.drawImage(video, 0, 0, ${width}, ${marker.cell}, 0, 0, ${width}, ${marker.cell});
    const row = context.getImageData(0, ${marker.cell / 2}, ${width}, 1).data;
    let value = 0;
    for (let bit = 0; bit < ${marker.cells}; bit += 1) {
      value |= (row[(bit * ${marker.cell} + ${marker.cell / 2}) * 4 + 1] > 127) << bit;
    }
    for (const shift of [1, 2, 4, 8, 16]) value ^= value >> shift;
    return value;
  };
  const frame = (_now, { presentedFrames }) => {
    const at = performance.timeOrigin + performance.now();
    video.requestVideoFrameCallback(frame);
    bench.presentedFrames = presentedFrames;
    if (!bench.isReading) return;
    const value = read();
    if (value !== last) void benchSaw(value, at);
    last = value;
  };
  video.requestVideoFrameCallback(frame);
})()`;

/** Whether the frame callback reads pixels. */
export async function setReading(page: Page, isReading: boolean): Promise<void> {
  await page.evaluate(`bench.isReading = ${isReading}`);
}
