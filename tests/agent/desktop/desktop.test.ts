import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inflateSync } from 'node:zlib';
import { createLogger } from '@vdi/telemetry';
import { describe, expect, it } from 'vitest';
import type { CursorImage } from '../../../apps/agent/src/cursor/cursor-image.ts';
import { startDesktop } from '../../../apps/agent/src/display/start-desktop.ts';
import { startXvfb } from '../../../apps/agent/src/display/xvfb.ts';
import { eventually } from '@vdi/testing/desktops';
import { openMarker } from '../x-clients.ts';

const log = createLogger({ name: 'test', level: 'silent' });

describe('a desktop', () => {
  it('has its first size before anything else starts, and allows any even size up to its maximum', async () => {
    await using desktop = await startDesktop({
      screen: { width: 1366, height: 768 },
      maximum: { width: 1600, height: 1200 },
      log,
    });
    expect(desktop.screen).toEqual({ width: 1366, height: 768 });
    expect(await run('xdpyinfo', desktop.display)).toMatch(/dimensions: +1366x768 pixels/);
    const sizes = [
      { width: 1600, height: 1200 },
      { width: 322, height: 242 },
      { width: 1024, height: 1000 },
    ];
    await Promise.all(sizes.map((size) => desktop.resize(size)));
    expect(await run('xrandr', desktop.display)).toMatch(/current 1024 x 1000/);
  });

  it('follows a size that a program in it sets', async () => {
    await using desktop = await startDesktop({ maximum: { width: 1600, height: 1200 }, log });
    await run('xrandr', desktop.display, '--output', 'screen', '--mode', '1600x1200');
    await eventually(
      () => Promise.resolve(desktop.screen),
      ({ width }) => width === 1600,
    );
    expect(desktop.screen).toEqual({ width: 1600, height: 1200 });
  });

  it('counts the windows that people see', async () => {
    await using desktop = await startDesktop({ log });
    expect([desktop.windows, desktop.windowsReadyAt]).toEqual([0, undefined]);
    {
      await using _first = await openMarker(desktop.display, 'red', '10x5+0+0');
      await using _second = await openMarker(desktop.display, 'blue', '10x5+300+0');
      await eventually(
        () => Promise.resolve(desktop.windows),
        (windows) => windows === 2,
      );
      expect(desktop.windowsReadyAt?.getTime()).toBeGreaterThanOrEqual(desktop.readyAt.getTime());
    }
    await eventually(
      () => Promise.resolve(desktop.windows),
      (windows) => windows === 0,
    );
  });

  it('shows the cursor as a picture, and every change of it', async () => {
    await using desktop = await startDesktop({ log });
    const cursors: CursorImage[] = [];
    desktop.onCursor((cursor) => cursors.push(cursor));
    expect(cursors).toHaveLength(1);
    for (const name of ['left_ptr', 'xterm', 'left_ptr']) {
      const before = cursors.at(-1)?.serial;
      await run('xsetroot', desktop.display, '-cursor_name', name);
      // The program ends and its cursor stays: that one is awaited, not the moment without a cursor on the way.
      await eventually(
        () => Promise.resolve(cursors.at(-1)),
        (cursor) => cursor?.visible === true && cursor.serial !== before,
        { what: `The cursor ${name}` },
      );
    }
    for (const { png, hotspot } of cursors) {
      const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
      const pixels = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
      expect(pixels.length).toBe((width * 4 + 1) * height);
      expect(hotspot.x).toBeLessThan(width);
      expect(hotspot.y).toBeLessThan(height);
    }
  });

  it('says so when its X server dies', async () => {
    const server = await startXvfb({ display: undefined, maximum: { width: 640, height: 480 }, log });
    process.kill(server.pid, 'SIGKILL');
    await expect(server.failed).resolves.toMatchObject({ code: 'x-server', message: /signal SIGKILL.*no screen/ });
  });

  it('ends cleanly after its X server died under a viewer', async () => {
    const facts: string[] = [];
    const desktop = await startDesktop({
      log: createLogger({ name: 'test', destination: { write: (line) => facts.push(line) } }),
    });
    const frames: number[] = [];
    (await desktop.openVideo('h264')).onFrame(({ data }) => frames.push(data.length));
    await eventually(
      () => Promise.resolve(frames.length),
      (count) => count > 0,
    );
    const started = facts.map((line) => JSON.parse(line) as { msg: string; xServer?: number });
    process.kill(started.find(({ msg }) => msg === 'Started the X server')?.xServer ?? 0, 'SIGKILL');
    await expect(desktop.failed).resolves.toMatchObject({ code: 'x-server' });
    await expect(desktop[Symbol.asyncDispose]()).resolves.toBeUndefined();
  });

  it('says why its X server did not start', async () => {
    await using first = await startXvfb({ display: undefined, maximum: { width: 640, height: 480 }, log });
    const second = startXvfb({ display: first.display, maximum: { width: 640, height: 480 }, log });
    await expect(second).rejects.toThrow(/already running/);
    const missing = startXvfb({ display: undefined, maximum: { width: 64, height: 48 }, program: 'no-such-x', log });
    await expect(missing).rejects.toThrow(/could not be started.*xvfb/);
  });
});

async function run(program: string, display: string, ...options: string[]): Promise<string> {
  const child = spawn(program, ['-display', display, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with code ${code}.`);
  return output;
}
