import type { XEvent } from 'x11';
import type { Size } from '@vdi/protocol';
import type { XConnection } from '../display/x-connection.ts';
import type { Pointer } from '../native/shared-library.ts';
import { createSharedMemory } from '../native/shared-memory.ts';
import type { Rows } from './rows.ts';

/**
 * Reads changed rows of the screen into memory shared with the X server (DAMAGE, MIT-SHM).
 *
 * Everything here goes over one connection: the server forgets the damage (`Subtract`) and copies the pixels (`GetImage`)
 * one right after the other, so no change can fall between the two. A change that comes later is a new event, and a
 * change whose event is still under way when we subtract is in the copy or, where it lies in other rows, arrives as an
 * event before the copy's reply.
 */
export interface ScreenReader extends AsyncDisposable {
  /** The screen's pixels, four bytes each (B, G, R, unused), rows without padding. */
  readonly pixels: Pointer;
  /** Starts or stops the reports. Without them a desktop that nobody watches costs nothing. */
  watch(listener: ((rows: Rows) => void) | undefined): void;
  /** Copies `rows` of a screen of `size` to their place in `pixels`. @throws Error when the screen has another size by now */
  read(size: Size, rows: Rows): Promise<void>;
}

/** Reports when the bounding box of the damage has grown: few events, and all that is needed. */
const reportBoundingBox = 2;
const allPlanes = 0xffff_ffff;
const zPixmap = 2;
const none = 0;
const bytesPerPixel = 4;

export async function openScreenReader(connection: XConnection, maximum: Size): Promise<ScreenReader> {
  const { client, root } = connection;
  const damageExtension = await connection.extension('damage');
  const images = await connection.extension('shm');
  const memory = createSharedMemory(maximum.width * maximum.height * bytesPerPixel);
  const segment = client.AllocID();
  await connection.reply((callback) => images.Attach(segment, memory.id, false, callback));
  memory.markForRemoval();

  let damage: number | undefined;
  let listener: ((rows: Rows) => void) | undefined;
  client.on('event', (event) => {
    if (event.name === 'DamageNotify' && event['damage'] === damage) listener?.(rowsOf(event));
  });

  return {
    pixels: memory.address,
    watch(next) {
      listener = next;
      if (next && damage === undefined) {
        damage = client.AllocID();
        damageExtension.Create(damage, root, reportBoundingBox);
      } else if (next === undefined && damage !== undefined) {
        damageExtension.Destroy(damage);
        damage = undefined;
      }
    },
    async read(size, { top, bottom }) {
      if (damage !== undefined) damageExtension.Subtract(damage, none, none);
      const offset = top * size.width * bytesPerPixel;
      await connection.reply((callback) =>
        images.GetImage(root, 0, top, size.width, bottom - top, allPlanes, zPixmap, segment, offset, callback),
      );
    },
    [Symbol.asyncDispose]: async () => {
      images.Detach(segment);
      await connection.settled();
      memory[Symbol.dispose]();
    },
  };
}

function rowsOf(event: XEvent): Rows {
  const area = event['area'] as { readonly y: number; readonly h: number };
  return { top: area.y, bottom: area.y + area.h };
}
