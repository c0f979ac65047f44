import { createLogger } from '@vdi/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desktop } from '../../../apps/agent/src/display/desktop.ts';
import { startDesktop } from '../../../apps/agent/src/display/start-desktop.ts';
import { openXConnection, type XConnection } from '../../../apps/agent/src/display/x-connection.ts';
import { openPainter, type Painter } from './painter.ts';
import { type Colour, isAbout, Recording } from './recording.ts';

const log = createLogger({ name: 'test', level: 'silent' });
const never = 600_000;
const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];

describe('the video of a desktop', () => {
  let desktop: Desktop;
  let connection: XConnection;
  let painter: Painter;

  beforeEach(async () => {
    desktop = await startDesktop({
      screen: { width: 800, height: 600 },
      maximum: { width: 1920, height: 1080 },
      timing: { signOfLifeMs: never, refinements: 0 },
      log,
    });
    connection = await openXConnection(desktop.display, log);
    painter = await openPainter(connection);
  });
  afterEach(async () => {
    await connection[Symbol.asyncDispose]();
    await desktop[Symbol.asyncDispose]();
  });

  it('holds what was drawn before anybody looked, and begins with a keyframe', async () => {
    await painter.fill(0xff0000, 100, 100, 200, 100);
    using recording = new Recording(await desktop.openVideo('h264'));
    await recording.until((frames) => frames.length > 0, 'A first frame');
    expect(recording.frames[0]).toMatchObject({ isKeyframe: true, size: { width: 800, height: 600 } });
    expectColour(await recording.colourAt(200, 150), [255, 0, 0]);
    expectColour(await recording.colourAt(90, 150), black);
    expectColour(await recording.colourAt(799, 599), black);
  });

  it.each([
    ['green', 0x00ff00, [0, 255, 0]],
    ['blue', 0x0000ff, [0, 0, 255]],
    ['white', 0xffffff, [255, 255, 255]],
    ['grey', 0x808080, [128, 128, 128]],
  ] as const)('shows %s as it is', async (_name, colour, expected) => {
    using recording = new Recording(await desktop.openVideo('h264'));
    await recording.until((frames) => frames.length > 0, 'A first frame');
    await painter.fill(colour, 400, 300, 64, 64);
    await recording.untilColour(expected, [[432, 332]]);
  });

  it('sends one frame for one change, wherever it is, and none while nothing changes', async () => {
    using recording = new Recording(await desktop.openVideo('h264'));
    await recording.until((frames) => frames.length > 0, 'A first frame');
    for (const [index, y] of [0, 1, 299, 598, 599].entries()) {
      const before = recording.frames.length;
      await painter.fill(0xffffff, index * 100, y, 20, 1);
      await recording.until((frames) => frames.length > before, `A frame for row ${y}`);
      await quiet(300);
      expect(recording.frames.length).toBe(before + 1);
    }
  });

  it('loses no change that comes while a frame is read or encoded', async () => {
    using recording = new Recording(await desktop.openVideo('h264'));
    await recording.until((frames) => frames.length > 0, 'A first frame');
    const places = Array.from(
      { length: 150 },
      (_, round) => [(round % 50) * 16, Math.floor(round / 50) * 200] as const,
    );
    for (const [x, y] of places) await painter.fill(0xffffff, x, y, 16, 16);
    await recording.untilColour(
      white,
      places.map(([x, y]) => [x + 8, y + 8]),
    );
  });

  it('follows the size of the screen without losing its viewers', async () => {
    using recording = new Recording(await desktop.openVideo('h264'));
    await recording.until((frames) => frames.length > 0, 'A first frame');
    const announced: unknown[] = [];
    desktop.onScreen((screen) => announced.push(screen));
    for (const [viewport, screen] of [
      [
        { width: 1025, height: 769 },
        { width: 1024, height: 768 },
      ],
      [
        { width: 9999, height: 9999 },
        { width: 1920, height: 1080 },
      ],
      [
        { width: 643, height: 479 },
        { width: 642, height: 478 },
      ],
    ] as const) {
      await expect(desktop.resize(viewport)).resolves.toEqual(screen);
      await recording.until((frames) => frames.at(-1)?.size.width === screen.width, 'A frame of the new size');
      expect(recording.frames.find(({ size }) => size.width === screen.width)?.isKeyframe).toBe(true);
      expect(announced.at(-1)).toEqual(screen);
      expect(desktop.screen).toEqual(screen);
    }
    await painter.fill(0x0000ff, 500, 400, 50, 50);
    await recording.untilColour([0, 0, 255], [[525, 425]]);
  });

  it('gives a keyframe when asked and to everybody who joins, and shares the encoder', async () => {
    const video = await desktop.openVideo('h264');
    await expect(desktop.openVideo('h264')).resolves.toBe(video);
    using first = new Recording(video);
    await first.until((frames) => frames.length === 1, 'A first frame');
    video.requestKeyframe();
    await first.until((frames) => frames.filter(({ isKeyframe }) => isKeyframe).length === 2, 'A second keyframe');
    using second = new Recording(video);
    await second.until((frames) => frames.length > 0, 'A frame for the second viewer');
    expect(second.frames[0]?.isKeyframe).toBe(true);
  });

  it('is encoded as VP8 for those who want that, beside H.264', async () => {
    const video = await desktop.openVideo('vp8');
    expect(video.encoder).toBe('vp8enc');
    using vp8 = new Recording(video);
    using h264 = new Recording(await desktop.openVideo('h264'));
    await vp8.until((frames) => frames.length > 0, 'A VP8 frame');
    await h264.until((frames) => frames.length > 0, 'An H.264 frame');
    const frame = vp8.frames[0];
    // RFC 6386, 9.1: a keyframe carries its start code and size.
    expect(frame?.data.subarray(3, 6)).toEqual(Buffer.from([0x9d, 0x01, 0x2a]));
    expect([frame?.data.readUInt16LE(6), frame?.data.readUInt16LE(8)]).toEqual([800, 600]);
  });

  it('says why encoders were passed over', async () => {
    await desktop.openVideo('h264');
    const [nvidia] = desktop.encoders;
    expect(nvidia?.element).toBe('nvautogpuh264enc');
    for (const { isUsable, reason } of desktop.encoders) expect(isUsable).toBe(reason === undefined);
    expect(desktop.encoders.at(-1)?.isUsable).toBe(true);
  });
});

function expectColour(actual: Colour, expected: Colour): void {
  expect(isAbout(actual, expected), `${actual.join(' ')} should be ${expected.join(' ')}`).toBe(true);
}

/** That nothing happens can only be seen by looking for a while. */
function quiet(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
