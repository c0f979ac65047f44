import { createConnection, type Socket } from 'node:net';
import { createClient, type XClient } from 'x11';
import { marker } from './stream/marker.ts';

declare module 'x11' {
  interface ClientOptions {
    /** A connection that is made already, where the socket is not at its usual place. */
    readonly stream?: Socket;
  }
}

/**
 * Draws into an X server on request, in a process of its own so that drawing and capturing do not wait for each other.
 * `argv`: DISPLAY, or the path of the server's socket. Over IPC: `{ draw: n }` shows `n` as a strip of black and white
 * cells, `{ motion: true | false }` redraws the whole window sixty times a second. It answers a draw with the moment
 * (milliseconds since 1970) at which it began to hand the request to the server.
 */
export type DrawCommand = { readonly draw: number } | { readonly motion: boolean };

const [target = ':0'] = process.argv.slice(2);
const motionIntervalMs = 1000 / 60;

const client = await new Promise<XClient>((resolve, reject) => {
  const place = target.startsWith('/') ? { display: ':0', stream: createConnection(target) } : { display: target };
  createClient({ ...place, shm: 'off' }, (error, opened) => (error ? reject(error) : resolve(opened.client)));
});
const [screen] = client.display.screen;
if (!screen) throw new Error(`The X server ${target} has no screen.`);
const { width, height } = await new Promise<{ readonly width: number; readonly height: number }>((resolve, reject) => {
  client.GetGeometry(screen.root, (error, geometry) => (error ? reject(error) : resolve(geometry)));
});
const window = client.AllocID();
client.CreateWindow(window, screen.root, 0, 0, width, height, 0, 0, 0, 0, { overrideRedirect: 1, backgroundPixel: 0 });
client.MapWindow(window);
const context = client.AllocID();
client.CreateGC(context, window, { foreground: 0xffffff });
await client.sync();

function fill(color: number, rectangles: readonly number[]): void {
  client.ChangeGC(context, { foreground: color });
  client.PolyFillRectangle(window, context, rectangles);
}

async function drawMarker(value: number): Promise<void> {
  const rectangles = (lit: boolean): number[] =>
    marker
      .litCells(value)
      .flatMap((isLit, bit) => (isLit === lit ? [bit * marker.cell, 0, marker.cell, marker.cell] : []));
  const drawnAt = performance.timeOrigin + performance.now();
  fill(0xffffff, rectangles(true));
  fill(0x000000, rectangles(false));
  await client.sync();
  process.send?.({ drawnAt });
}

let step = 0;
function drawMotion(): void {
  step += 1;
  const stripes = Math.ceil(width / 40);
  for (const [parity, color] of [0x30_50_90, 0xd0_c0_a0].entries()) {
    const x = (stripe: number) => ((stripe * 2 + parity) * 20 + step * 4) % (stripes * 40);
    fill(color, Array.from({ length: stripes }, (_, stripe) => [x(stripe), 0, 20, height]).flat());
  }
}

let motion: NodeJS.Timeout | undefined;
/** Timers have whole milliseconds; each is set anew from the first, so that a second has sixty pictures. */
function move(startedAt: number, count: number): void {
  drawMotion();
  const nextAt = startedAt + (count + 1) * motionIntervalMs;
  motion = setTimeout(() => move(startedAt, count + 1), Math.max(0, nextAt - performance.now()));
}

process.on('message', (command: DrawCommand) => {
  if ('draw' in command) void drawMarker(command.draw);
  else {
    clearTimeout(motion);
    if (command.motion) move(performance.now(), 0);
  }
});
process.on('disconnect', () => {
  clearTimeout(motion);
  client.terminate();
});
process.send?.({ ready: true });
