import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../display/clock.ts';
import { createCaptureSchedule, type CaptureTiming, type FramePurpose } from './capture-schedule.ts';
import type { PictureConsumer, PixelFormat } from './picture.ts';
import { evenRowsWithin, unionRows, type Rows } from './rows.ts';
import type { ScreenReader } from './screen-reader.ts';
import { createStandingFrame, type StandingFrame } from './standing-frame.ts';

/** Shows the screen to consumers whenever it changes. Without a consumer it does nothing at all. */
export interface ScreenCapture extends AsyncDisposable {
  /** Shows `consumer` the whole screen at once and every change from then on; the result ends that. */
  attach(consumer: PictureConsumer): () => void;
  /** Shows everybody the screen again, changed or not. */
  demandFrame(): void;
  /** Most frames per second in continuous motion. */
  setFrameRate(framesPerSecond: number): void;
  /** The screen has a new size; the next picture has it too. */
  resized(screen: Size): void;
}

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
const nothing: Rows = { top: 0, bottom: 0 };

export function startScreenCapture(options: ScreenCaptureOptions): ScreenCapture {
  const { reader, clock, log } = options;
  const consumers = new Set<PictureConsumer>();
  const frames = new Map<PixelFormat, StandingFrame>();
  /** What each standing frame has not seen yet: formats come and go with the consumers. */
  const stale = new Map<PixelFormat, Rows>();
  let screen = options.screen;
  let running: Promise<void> = Promise.resolve();

  const wholeScreen = (): Rows => ({ top: 0, bottom: screen.height });

  const readRows = async (size: Size, rows: Rows | undefined): Promise<Rows | undefined> => {
    let seen: Rows | undefined;
    let next = rows;
    for (let reread = 0; next && reread <= mostRereads; reread += 1) {
      const even = evenRowsWithin(next, size.height);
      if (even) await reader.read(size, even);
      seen = unionRows(seen, even);
      next = reread < mostRereads ? schedule.takeDamage() : undefined;
    }
    return seen;
  };

  const standingFrame = (format: PixelFormat): StandingFrame => {
    const known = frames.get(format);
    if (known) return known;
    const created = createStandingFrame(format, options.maximum);
    frames.set(format, created);
    stale.set(format, wholeScreen());
    return created;
  };

  const show = async (size: Size, capturedAt: number, purpose: FramePurpose): Promise<void> => {
    const formats = new Set([...consumers].map(({ format }) => format));
    for (const format of formats) {
      const frame = standingFrame(format);
      const rows = evenRowsWithin(stale.get(format) ?? nothing, size.height);
      if (rows) frame.convert(reader.pixels, size, rows);
      stale.delete(format);
    }
    await Promise.all(
      [...consumers].map((consumer) => {
        const frame = standingFrame(consumer.format);
        return consumer.consume({ address: frame.address, bytes: frame.bytes(size), size, capturedAt, purpose });
      }),
    );
  };

  const runFrame = async (damage: Rows | undefined, purpose: FramePurpose): Promise<void> => {
    const size = screen;
    try {
      const seen = await readRows(size, damage);
      const capturedAt = clock.nowMs();
      for (const format of frames.keys()) {
        const rows = unionRows(stale.get(format), seen);
        if (rows) stale.set(format, rows);
      }
      await show(size, capturedAt, purpose);
    } catch (error) {
      // The screen was resized between the event and the copy. The new size is under way and brings a whole frame.
      log.debug({ err: error, size }, 'Dropped a frame that could not be read');
    }
  };

  const schedule = createCaptureSchedule({
    clock,
    timing: options.timing,
    run: (damage, purpose) => (running = runFrame(damage, purpose)),
  });

  const detach = (consumer: PictureConsumer): void => {
    consumers.delete(consumer);
    if (consumers.size > 0) return;
    schedule.stop();
    reader.watch(undefined);
  };

  return {
    attach(consumer) {
      const isFirst = consumers.size === 0;
      consumers.add(consumer);
      if (isFirst) {
        reader.watch((rows) => schedule.damaged(rows));
        schedule.start();
        schedule.damaged(wholeScreen());
      }
      schedule.demand();
      return () => detach(consumer);
    },
    demandFrame: () => schedule.demand(),
    setFrameRate: (framesPerSecond) => schedule.setFrameRate(framesPerSecond),
    resized(next) {
      screen = next;
      for (const format of frames.keys()) stale.set(format, wholeScreen());
      if (consumers.size > 0) schedule.damaged(wholeScreen());
    },
    [Symbol.asyncDispose]: async () => {
      for (const consumer of consumers) detach(consumer);
      await running;
      for (const frame of frames.values()) frame[Symbol.dispose]();
    },
  };
}
