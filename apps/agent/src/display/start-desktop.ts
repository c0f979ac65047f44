import type { XEvent } from 'x11';
import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import { defaultTiming, type CaptureTiming } from '../capture/capture-schedule.ts';
import { ScreenCapture } from '../capture/screen-capture.ts';
import { openScreenReader } from '../capture/screen-reader.ts';
import type { EncoderChoice } from '../encode/encoder-candidate.ts';
import { openVideoSources } from '../encode/open-video-sources.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { Desktop } from './desktop.ts';
import { openControls } from './open-controls.ts';
import { openScreenModes } from './screen-modes.ts';
import { sameSize, screenSizeFor } from './screen-size.ts';
import { openXConnection, type XConnection } from './x-connection.ts';
import { startXvfb } from './xvfb.ts';

export interface DesktopOptions {
  /** `:0`; without it the X server takes the first number that is free. */
  readonly display?: string;
  /** The first size of the screen. Default 1280×720. */
  readonly screen?: Size;
  /** The largest size of the screen. Default 3840×2160. */
  readonly maximum?: Size;
  readonly encoder?: EncoderChoice;
  /** Path or name of the X server's program. Default `Xvfb`. */
  readonly xServer?: string;
  readonly timing?: Partial<CaptureTiming>;
  readonly clock?: Clock;
  readonly log: Logger;
}

const defaultMaximum: Size = { width: 3840, height: 2160 };
const defaultScreen: Size = { width: 1280, height: 720 };
const screenChange = 1;

/**
 * Starts the X server with its first mode set, so that whatever starts next finds the right size, and everything that
 * watches it. Encoders are looked for with the first `openVideo`.
 * @throws XServerError when the server does not start, MissingLibraryError without libyuv
 */
export async function startDesktop(options: DesktopOptions): Promise<Desktop> {
  const { log, clock = systemClock } = options;
  const maximum = screenSizeFor(options.maximum ?? defaultMaximum, options.maximum ?? defaultMaximum);
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    await startXvfb({ display: options.display, maximum, program: options.xServer ?? 'Xvfb', log }),
  );
  const [control, reading] = [
    stack.use(await openXConnection(server.display, log)),
    stack.use(await openXConnection(server.display, log)),
  ];
  const modes = await openScreenModes(control);
  let screen = screenSizeFor(options.screen ?? defaultScreen, maximum);
  await modes.set(screen);
  const readyAt = clock.date();

  const controls = stack.use(await openControls({ connection: control, screen: () => screen, clock, log }));
  const { windows, cursors, input, clipboard } = controls;
  const reader = stack.use(await openScreenReader(reading, maximum));
  const timing = { ...defaultTiming, ...options.timing };
  const capture = stack.use(new ScreenCapture({ reader, screen, maximum, clock, timing, log }));
  const videos = stack.use(openVideoSources({ capture, choice: options.encoder ?? 'auto', clock, log }));

  const screenListeners = new Set<(screen: Size) => void>();
  await followScreen(control, (next) => {
    if (sameSize(next, screen)) return;
    screen = next;
    capture.resized(next);
    for (const listener of screenListeners) listener(next);
  });
  let resizing: Promise<unknown> = Promise.resolve();
  const resources = stack.move();

  return {
    display: server.display,
    get screen() {
      return screen;
    },
    get windows() {
      return windows.count;
    },
    readyAt,
    get windowsReadyAt() {
      return windows.firstAt;
    },
    get lastInputAt() {
      return input.lastInputAt;
    },
    get encoders() {
      return videos.probes;
    },
    failed: server.failed,
    input,
    clipboard,
    resize: (viewport) => {
      const wanted = screenSizeFor(viewport, maximum);
      const turn = resizing.then(async () => {
        if (!sameSize(wanted, screen)) await modes.set(wanted);
        return wanted;
      });
      resizing = turn.catch(() => undefined);
      return turn;
    },
    openVideo: (codec) => videos.open(codec),
    onCursor: (listener) => cursors.onCursor(listener),
    onPointer: (listener) => input.onPointer(listener),
    onScreen(listener) {
      screenListeners.add(listener);
      return () => void screenListeners.delete(listener);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Sizes as the server announces them, ours and those that programs in the desktop set (`xrandr`). */
async function followScreen(connection: XConnection, changed: (screen: Size) => void): Promise<void> {
  const randr = await connection.extension('randr');
  connection.client.on('event', (event: XEvent) => {
    if (event.name === 'RRScreenChangeNotify')
      changed({ width: event['width'] as number, height: event['height'] as number });
  });
  randr.SelectInput(connection.root, screenChange);
}
