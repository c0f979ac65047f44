import { createClient, type XClient } from 'x11';

/**
 * Draws into an X server on request, in a process of its own so that drawing and capturing do not wait for each other.
 * `argv`: DISPLAY. Over IPC: `{ draw: n }` changes a strip of 24 cells, `{ motion: true | false }` redraws a large window
 * sixty times a second. It answers a draw with the time at which the request was handed to the server.
 */
type Command = { readonly draw: number } | { readonly motion: boolean };

const [display = ':0'] = process.argv.slice(2);
const cell = 24;
const cells = 24;
const motionIntervalMs = 1000 / 60;

const client = await new Promise<XClient>((resolve, reject) => {
  createClient({ display, shm: 'off' }, (error, opened) => (error ? reject(error) : resolve(opened.client)));
});
const [screen] = client.display.screen;
if (!screen) throw new Error(`The X server ${display} has no screen.`);
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
  const gray = value ^ (value >> 1);
  const at = (bit: number) => [bit * cell, 0, cell, cell];
  const bits = Array.from({ length: cells }, (_, bit) => bit);
  const drawnAt = performance.timeOrigin + performance.now();
  fill(0xffffff, bits.filter((bit) => (gray >> bit) & 1).flatMap(at));
  fill(0x000000, bits.filter((bit) => !((gray >> bit) & 1)).flatMap(at));
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
process.on('message', (command: Command) => {
  if ('draw' in command) void drawMarker(command.draw);
  else {
    clearInterval(motion);
    motion = command.motion ? setInterval(drawMotion, motionIntervalMs) : undefined;
  }
});
process.on('disconnect', () => {
  clearInterval(motion);
  client.terminate();
});
process.send?.({ ready: true });
