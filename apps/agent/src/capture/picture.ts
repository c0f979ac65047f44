import type { Size } from '@vdi/protocol';
import type { Pointer } from '../native/shared-library.ts';
import type { FramePurpose } from './capture-schedule.ts';

/** How an encoder wants its pixels: software takes planar I420, hardware the half-planar NV12. Both are 4:2:0, BT.601, limited range. */
export type PixelFormat = 'I420' | 'NV12';

/** One picture of the whole screen, in memory that stays as it is until every consumer has answered. */
export interface Picture {
  readonly address: Pointer;
  readonly bytes: number;
  readonly size: Size;
  /** Milliseconds of the clock at which the screen was read. */
  readonly capturedAt: number;
  readonly purpose: FramePurpose;
}

/** Something that turns pictures into a stream. */
export interface PictureConsumer {
  readonly format: PixelFormat;
  /** Whether showing a screen at rest again makes its stream better. */
  readonly wantsRefinement: boolean;
  /** Resolves when `picture`'s memory may change. It reports its own failures and does not reject. */
  consume(picture: Picture): Promise<void>;
}
