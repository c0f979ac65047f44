import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import { CaptureSchedule, type CaptureTiming, type FramePurpose } from './capture-schedule.ts';
import type { PictureConsumer } from './picture.ts';
import { evenRowsWithin, unionRows, type Rows } from './rows.ts';
import type { ScreenReader } from './screen-reader.ts';
import { StandingFrames } from './standing-frames.ts';

export interface ScreenCaptureOptions {
  readonly reader: ScreenReader;
  readonly screen: Size;
  readonly maximum: Size;
  readonly clock: Clock;
  readonly timing: CaptureTiming;
  readonly log: Logger;
}

/** How often a frame is read again because more changed while it was read. */
const mostRereads = 2;

/** Shows the screen to consumers whenever it changes. Without a consumer it does nothing at all. */
export class ScreenCapture implements AsyncDisposable {
  readonly #options: ScreenCaptureOptions;
  readonly #consumers = new Set<PictureConsumer>();
  readonly #frames: StandingFrames;
  readonly #schedule: CaptureSchedule;
  #screen: Size;
  #running: Promise<void> = Promise.resolve();

  constructor(options: ScreenCaptureOptions) {
    const { clock, timing } = options;
    this.#options = options;
    this.#screen = options.screen;
    this.#frames = new StandingFrames(options.reader.pixels, options.maximum);
    this.#schedule = new CaptureSchedule({
      clock,
      timing,
      wantsRefinement: () => [...this.#consumers].some((consumer) => consumer.wantsRefinement),
      run: (damage, purpose) => (this.#running = this.#run(damage, purpose)),
    });
  }

  /** Shows `consumer` the whole screen at once and every change from then on; the result ends that. */
  attach(consumer: PictureConsumer): () => void {
    const isFirst = this.#consumers.size === 0;
    this.#consumers.add(consumer);
    if (isFirst) {
      this.#options.reader.watch((rows) => this.#schedule.damaged(rows));
      this.#schedule.start(this.#wholeScreen());
    } else this.#schedule.demand();
    return () => this.#detach(consumer);
  }

  /** Shows everybody the screen again, changed or not. */
  demandFrame(): void {
    this.#schedule.demand();
  }

  /** Most frames per second in continuous motion. */
  setFrameRate(framesPerSecond: number): void {
    this.#schedule.setFrameRate(framesPerSecond);
  }

  /** The screen has a new size; the next picture has it too. */
  resized(screen: Size): void {
    this.#screen = screen;
    if (this.#consumers.size > 0) this.#schedule.damaged(this.#wholeScreen());
  }

  #wholeScreen(): Rows {
    return { top: 0, bottom: this.#screen.height };
  }

  async #run(damage: Rows | undefined, purpose: FramePurpose): Promise<void> {
    const size = this.#screen;
    try {
      this.#frames.changed(await this.#read(size, damage));
      await this.#show(size, purpose);
    } catch (error) {
      // The screen shrank between the event and the copy. Its new size is under way and brings a whole frame.
      this.#options.log.debug({ err: error, size }, 'Dropped a frame that could not be read');
    }
  }

  /** Reads `rows`, and what changes meanwhile, for the frame would be torn without. @returns all rows that were read */
  async #read(size: Size, rows: Rows | undefined): Promise<Rows | undefined> {
    let seen: Rows | undefined;
    let next = rows;
    for (let rereads = 0; next; rereads += 1) {
      const even = evenRowsWithin(next, size.height);
      if (even) await this.#options.reader.read(size, even);
      seen = unionRows(seen, even);
      // Damage that came with a new size belongs to the frame of that size.
      next = rereads < mostRereads && size === this.#screen ? this.#schedule.takeDamage() : undefined;
    }
    return seen;
  }

  async #show(size: Size, purpose: FramePurpose): Promise<void> {
    const capturedAt = this.#options.clock.nowMs();
    const showing = [...this.#consumers].map((consumer) => {
      const frame = this.#frames.current(consumer.format, size);
      return consumer.consume({ address: frame.address, bytes: frame.bytes(size), size, capturedAt, purpose });
    });
    await Promise.all(showing);
  }

  #detach(consumer: PictureConsumer): void {
    this.#consumers.delete(consumer);
    if (this.#consumers.size > 0) return;
    this.#schedule.stop();
    this.#options.reader.watch(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const consumer of this.#consumers) this.#detach(consumer);
    await this.#running;
    this.#frames[Symbol.dispose]();
  }
}
