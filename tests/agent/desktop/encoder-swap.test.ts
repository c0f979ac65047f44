import { createLogger } from '@vdi/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultTiming } from '../../../apps/agent/src/capture/capture-schedule.ts';
import { ScreenCapture } from '../../../apps/agent/src/capture/screen-capture.ts';
import { openScreenReader } from '../../../apps/agent/src/capture/screen-reader.ts';
import { systemClock } from '../../../apps/agent/src/clock.ts';
import { openXConnection } from '../../../apps/agent/src/display/x-connection.ts';
import { startXvfb } from '../../../apps/agent/src/display/xvfb.ts';
import { encoderCandidates, type EncoderCandidate } from '../../../apps/agent/src/encode/encoder-candidate.ts';
import { openVideoSource } from '../../../apps/agent/src/encode/open-video-source.ts';
import { probeEncoders } from '../../../apps/agent/src/encode/probe-encoders.ts';
import type { VideoSource } from '../../../apps/agent/src/encode/video-source.ts';
import { loadGStreamer } from '../../../apps/agent/src/native/gstreamer.ts';
import { openPainter, type Painter } from './painter.ts';
import { Recording } from './recording.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const screen = { width: 640, height: 480 };
const [x264, openh264] = encoderCandidates('h264', 'software') as [EncoderCandidate, EncoderCandidate];

/** A real encoder that GStreamer stops with an error after a few frames, as a driver does when its device is gone. */
const dying: EncoderCandidate = {
  ...x264,
  element: 'dying',
  describe: (mode) => `identity error-after=4 ! ${x264.describe(mode)}`,
};

describe('an encoder that breaks', () => {
  let stack: AsyncDisposableStack;
  let painter: Painter;
  let open: (candidates: readonly [EncoderCandidate, ...EncoderCandidate[]]) => Promise<VideoSource>;

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    const server = stack.use(await startXvfb({ display: undefined, maximum: screen, log }));
    painter = await openPainter(stack.use(await openXConnection(server.display, log)));
    const reader = stack.use(await openScreenReader(stack.use(await openXConnection(server.display, log)), screen));
    const capture = stack.use(
      new ScreenCapture({ reader, screen, maximum: screen, clock: systemClock, timing: defaultTiming, log }),
    );
    const gstreamer = await loadGStreamer();
    open = async (candidates) =>
      stack.use(openVideoSource({ codec: 'h264', capture, gstreamer, candidates, clock: systemClock, log }));
  });
  afterEach(() => stack.disposeAsync());

  it('is replaced by the next in line, with a keyframe, while viewers stay', async () => {
    const video = await open([dying, openh264]);
    using recording = new Recording(video);
    for (let round = 1; video.encoder === 'dying'; round += 1) {
      expect(round).toBeLessThan(20);
      const before = recording.frames.length;
      await painter.fill(0xffffff, round * 20, 0, 10, 10);
      await recording.until((frames) => frames.length > before, 'A further frame');
    }
    expect(video.encoder).toBe('openh264enc');
    const keyframes = recording.frames.filter(({ isKeyframe }) => isKeyframe);
    expect(keyframes.length).toBeGreaterThanOrEqual(2);
    await painter.fill(0xff0000, 300, 300, 100, 100);
    await recording.untilColour([255, 0, 0], [[350, 350]]);
  });

  it('ends the stream with the reason when nothing is left', async () => {
    const video = await open([dying]);
    using recording = new Recording(video);
    const failure = new AbortController();
    void video.failed.then((error) => failure.abort(error));
    for (let round = 1; !failure.signal.aborted; round += 1) {
      expect(round).toBeLessThan(20);
      const before = recording.frames.length;
      await painter.fill(0xffffff, round * 20, 0, 10, 10);
      await recording.until(
        (frames) => failure.signal.aborted || frames.length > before,
        'A further frame, or the end',
      );
    }
    await expect(video.failed).resolves.toMatchObject({ code: 'encoder-failed', cause: { message: /dying failed/ } });
  });

  it('is found before anybody relies on it', async () => {
    const missing: EncoderCandidate = { ...x264, element: 'nosuchh264enc', describe: () => 'nosuchh264enc' };
    const misspelt: EncoderCandidate = { ...x264, describe: () => 'x264enc name=encoder nosuchproperty=1' };
    const broken: EncoderCandidate = {
      ...dying,
      element: 'x264enc',
      describe: (mode) => `identity error-after=1 ! ${x264.describe(mode)}`,
    };
    const result = await probeEncoders(await loadGStreamer(), [missing, misspelt, broken, openh264]);
    expect(result.chosen).toBe(openh264);
    expect(result.probes.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('not installed'),
      expect.stringContaining('nosuchproperty'),
      expect.stringContaining('failed'),
      undefined,
    ]);
  });
});
