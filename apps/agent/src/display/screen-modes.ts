import type { Randr, RandrMode } from 'x11';
import type { Size } from '@vdi/protocol';
import { sameSize } from './screen-size.ts';
import type { XConnection } from './x-connection.ts';

/** Sets the screen's size through RANDR, creating the mode where the server does not know it yet. */
export interface ScreenModes {
  /** @throws Error when the server refuses */
  set(size: Size): Promise<void>;
}

const rotateNone = 1;
const success = 0;
const currentTime = 0;
/** Desktops read millimetres to find their scale: 96 dots per inch, as without a monitor. */
const millimetresPerPixel = 25.4 / 96;

export async function openScreenModes(connection: XConnection): Promise<ScreenModes> {
  const randr = await connection.extension('randr');
  return { set: (size) => setMode(connection, randr, size) };
}

async function setMode(connection: XConnection, randr: Randr, size: Size): Promise<void> {
  const { root } = connection;
  const resources = await connection.reply<{
    readonly crtcs: readonly number[];
    readonly outputs: readonly number[];
    readonly modeinfos: readonly RandrMode[];
  }>((callback) => randr.GetScreenResourcesCurrent(root, callback));
  const [crtc, output] = [resources.crtcs[0], resources.outputs[0]];
  if (crtc === undefined || output === undefined) throw new Error('The X server has no output to set a mode on.');

  const known = resources.modeinfos.find((mode) => sameSize(mode, size));
  const mode = known?.id ?? (await createMode(connection, randr, size));
  if (known === undefined) randr.AddOutputMode(output, mode);

  const configure = (modeOrNone: number, outputs: readonly number[]) =>
    connection.reply<{ readonly status: number }>((callback) =>
      randr.SetCrtcConfig(crtc, currentTime, currentTime, 0, 0, modeOrNone, rotateNone, outputs, callback),
    );
  // The screen must hold the mode at every moment, so the output is off while both change.
  await configure(0, []);
  randr.SetScreenSize(root, size.width, size.height, millimetres(size.width), millimetres(size.height));
  const { status } = await configure(mode, [output]);
  if (status !== success)
    throw new Error(`The X server refused ${size.width}×${size.height} (RANDR status ${status}).`);

  for (const stale of resources.modeinfos) if (isOurs(stale) && stale.id !== mode) forget(randr, output, stale.id);
}

/** A mode's timing means nothing without a monitor; 60 Hz is what programs read from it. */
function createMode(connection: XConnection, randr: Randr, size: Size): Promise<number> {
  return connection.reply<number>((callback) =>
    randr.CreateMode(
      connection.root,
      {
        name: `${namePrefix}${size.width}x${size.height}`,
        width: size.width,
        height: size.height,
        dot_clock: size.width * size.height * 60,
        h_sync_start: size.width,
        h_sync_end: size.width,
        h_total: size.width,
        v_sync_start: size.height,
        v_sync_end: size.height,
        v_total: size.height,
      },
      callback,
    ),
  );
}

const namePrefix = 'vdi-';

function isOurs(mode: RandrMode): boolean {
  return mode.name.startsWith(namePrefix);
}

function forget(randr: Randr, output: number, mode: number): void {
  randr.DeleteOutputMode(output, mode);
  randr.DestroyMode(mode);
}

function millimetres(pixels: number): number {
  return Math.round(pixels * millimetresPerPixel);
}
