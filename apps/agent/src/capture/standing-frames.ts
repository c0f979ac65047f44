import type { Size } from '@vdi/protocol';
import type { Pointer } from '../native/shared-library.ts';
import type { PixelFormat } from './picture.ts';
import { evenRowsWithin, unionRows, type Rows } from './rows.ts';
import { createStandingFrame, type StandingFrame } from './standing-frame.ts';

/** One standing frame per pixel format in use, each with the rows that it has not seen yet. */
export class StandingFrames implements Disposable {
  readonly #pixels: Pointer;
  readonly #maximum: Size;
  readonly #frames = new Map<PixelFormat, { readonly frame: StandingFrame; stale: Rows | undefined }>();

  /** @param pixels where the screen's BGRX pixels begin @param maximum the largest screen there will be */
  constructor(pixels: Pointer, maximum: Size) {
    this.#pixels = pixels;
    this.#maximum = maximum;
  }

  /** `rows` of the pixels are new: every format converts them when it is next wanted. */
  changed(rows: Rows | undefined): void {
    for (const entry of this.#frames.values()) entry.stale = unionRows(entry.stale, rows);
  }

  /** The screen of `size` in `format`, up to date. */
  current(format: PixelFormat, size: Size): StandingFrame {
    const entry = this.#frames.get(format) ?? this.#add(format);
    const rows = entry.stale && evenRowsWithin(entry.stale, size.height);
    if (rows) entry.frame.convert(this.#pixels, size, rows);
    entry.stale = undefined;
    return entry.frame;
  }

  #add(format: PixelFormat) {
    const stale: Rows = { top: 0, bottom: this.#maximum.height };
    const entry = { frame: createStandingFrame(format, this.#maximum), stale };
    this.#frames.set(format, entry);
    return entry;
  }

  [Symbol.dispose](): void {
    for (const { frame } of this.#frames.values()) frame[Symbol.dispose]();
    this.#frames.clear();
  }
}
