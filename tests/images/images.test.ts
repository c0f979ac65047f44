import { join } from 'node:path';
import {
  buildImages,
  type BuiltImage,
  checkoutDirectory,
  type ImageEngine,
  type ImageProgress,
  openImageEngine,
  openStateDirectory,
} from '@vdi/solo';
import { createLogger } from '@vdi/telemetry';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, testCacheHome } from '@vdi/testing/desktops';
import { runIn } from './run-in.ts';
import { type SessionPair, startDisplay } from './session-pair.ts';

// Kept between runs: packages and layers that have not changed are not worth two minutes each time.
const state = openStateDirectory(join(checkoutDirectory, '.cache', 'images'));
const log = createLogger({ name: 'test', level: 'warn' });

let engine: ImageEngine;
let first: readonly BuiltImage[];

const build = async (progress: (step: ImageProgress) => void = () => undefined): Promise<readonly BuiltImage[]> =>
  await buildImages({
    docker: engine.docker,
    checkout: checkoutDirectory,
    cacheDirectory: join(testCacheHome, 'vdi'),
    log,
    progress,
    signal: AbortSignal.timeout(500_000),
  });

beforeAll(async () => {
  engine = await openImageEngine(state, 'auto', log);
  first = await build();
});

afterAll(async () => {
  await engine?.[Symbol.asyncDispose]();
});

describe('building', () => {
  it('gives the engine all images, each under its fingerprint and as the latest', async () => {
    expect(first.map(({ name }) => name)).toEqual(['control', 'desktop', 'display']);
    for (const { reference, latest } of first) {
      const [exact, newest] = await Promise.all(
        [reference, latest].map((name) => engine.docker.getImage(name).inspect()),
      );
      expect(newest?.Id).toBe(exact?.Id);
      expect(exact?.Config.User).toBe('1000:1000');
    }
  });

  it('does nothing when they are there', async () => {
    const steps: ImageProgress[] = [];
    const again = await build((step) => steps.push(step));
    expect(again).toEqual(first.map((image) => ({ ...image, wasPresent: true })));
    expect(steps.map(({ state }) => state)).toEqual(['reused', 'reused', 'reused']);
  });
});

describe('the display image, locked down as in a session', () => {
  let pair: SessionPair;

  beforeAll(async () => {
    pair = await startDisplay(engine.docker);
    await expectSuccess(pair.display, '/opt/vdi/bin/wait-display');
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  it.each(['x264enc', 'openh264enc', 'vp8enc', 'opusenc'])('has the encoder %s', async (element) => {
    await expectSuccess(pair.display, `gst-inspect-1.0 --exists ${element}`);
  });

  it('brings GStreamer 1.26 or newer, which older drivers of NVENC and newer ones both need', async () => {
    const { output } = await runIn(pair.display, 'gst-inspect-1.0 --version');
    const [, major, minor] = /GStreamer (\d+)\.(\d+)/.exec(output) ?? [];
    expect([Number(major), Number(minor) >= 26]).toEqual([1, true]);
  });

  it.each(['koffi', 'node-datachannel'])('loads the native module %s', async (name) => {
    await expectSuccess(pair.display, `cd /opt/vdi && node --input-type=module -e 'await import("${name}")'`);
  });

  it('offers GL to programs of the desktop', async () => {
    const { output } = await runIn(
      pair.display,
      "ldd /usr/lib/*/libGLX_mesa.so.0 /usr/lib/*/libgallium*.so | grep 'not found'",
    );
    expect(output).toBe('');
  });

  it('lets nobody write outside the volumes', async () => {
    const { output } = await runIn(
      pair.display,
      'id -u; for folder in / /etc /opt/vdi /usr/bin /var/lib; do touch "$folder/x" 2>/dev/null && echo "$folder"; done',
    );
    expect(output).toBe('1000\n');
  });

  it('serves the viewer and knows its screen', async () => {
    await eventually(
      async () => (await pair.ask('/readyz')).status,
      (status) => status === 200,
    );
    expect(await (await pair.ask('/status')).json()).toMatchObject({ stream: { encoder: expect.any(String) } });
  });
});

describe('the desktop image beside it', () => {
  let pair: SessionPair;
  let desktop: Docker.Container;

  beforeAll(async () => {
    pair = await startDisplay(engine.docker);
    await expectSuccess(pair.display, '/opt/vdi/bin/wait-display');
    desktop = await pair.startDesktop();
  });
  afterAll(async () => {
    await pair?.[Symbol.asyncDispose]();
  });

  it('shows its windows', async () => {
    await eventually(
      async () => (await pair.ask('/readyz/desktop')).status,
      (status) => status === 200,
    );
    const { output } = await runIn(desktop, 'id -u; ps -eo comm');
    for (const program of ['1000', 'xfwm4', 'xfce4-panel', 'xfdesktop', 'xfsettingsd'])
      expect(output).toContain(`${program}\n`);
  });

  it('keeps what belongs to the session from others', async () => {
    const { output } = await runIn(desktop, 'stat -c "%a %u" "$XDG_RUNTIME_DIR"');
    expect(output).toBe('700 1000\n');
  });

  it('runs Firefox with content processes, and asks it to keep its tabs when the desktop is stopped', async () => {
    const manager = "tr '\\0' '\\n' < /proc/$(pgrep -x xfce4-panel)/environ | grep ^SESSION_MANAGER=";
    const { output } = await eventually(
      () => runIn(desktop, manager),
      ({ status }) => status === 0,
    );
    await runIn(desktop, 'setsid --fork firefox-esr about:license > /dev/null 2>&1', [output.trim()]);
    await eventually(
      () => runIn(desktop, 'ps -eo comm,stat | grep "Web Content" | grep -v Z'),
      ({ status }) => status === 0,
      { withinMs: 60_000, what: 'A content process of Firefox' },
    );
    // Its own first note of the tabs: from then on it is up, and known to the session manager.
    await eventually(
      () => runIn(desktop, 'find "$HOME" -name recovery.jsonlz4 | grep .'),
      ({ status }) => status === 0,
      { withinMs: 60_000, what: 'The first note of the tabs' },
    );
    await desktop.stop({ t: 30 });
    expect((await desktop.inspect()).State.ExitCode).toBe(0);
    desktop = await pair.startDesktop();
    await expectSuccess(desktop, 'find "$HOME" -name sessionstore.jsonlz4 | grep .');
  });

  it('says what is wrong when it gets no home', async () => {
    const lost = await engine.docker.createContainer({
      Image: 'localhost/vdi/desktop:latest',
      Env: ['HOME=/nowhere'],
      HostConfig: { ReadonlyRootfs: true },
    });
    try {
      await lost.start();
      expect(await lost.wait()).toMatchObject({ StatusCode: 1 });
      const logged = await lost.logs({ stdout: true, stderr: true, follow: false });
      expect(logged.toString()).toContain('The home /nowhere cannot be written by uid 1000');
    } finally {
      await lost.remove({ force: true });
    }
  });
});

async function expectSuccess(container: Docker.Container, command: string): Promise<void> {
  const { status, output } = await runIn(container, command);
  expect(status, output).toBe(0);
}
