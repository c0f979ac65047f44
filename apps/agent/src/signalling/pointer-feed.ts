import type { Clock } from '../clock.ts';
import type { Desktop } from '../display/desktop.ts';
import type { PointerPlace } from '../input/input-sink.ts';
import type { Viewer } from './viewer.ts';

/** Mice report a thousand times a second; eyes do not. */
const intervalMs = 16;

/**
 * Shows a viewer who only watches where the pointer is, until the result is called. Video never contains it, and who
 * drives needs no telling. The channel loses messages, so the last place of a movement is told once more.
 */
export function feedPointer(
  viewer: Viewer,
  options: { readonly desktop: Desktop; readonly isController: () => boolean; readonly clock: Clock },
): () => void {
  const { desktop, isController, clock } = options;
  let sequence = 0;
  let present: PointerPlace | undefined;
  let told: PointerPlace | undefined;
  let cancel: (() => void) | undefined;

  const tell = (): void => {
    const isRepeated = told === present;
    told = present;
    cancel = undefined;
    if (present === undefined || isController()) return;
    sequence = (sequence + 1) & 0xffff;
    viewer.sendMotion({ sequence, ...present });
    if (!isRepeated) cancel = clock.after(intervalMs, tell);
  };
  const stop = desktop.onPointer((place) => {
    present = place;
    if (cancel === undefined) tell();
  });
  return () => {
    stop();
    cancel?.();
  };
}
