import type { CursorPicture } from 'x11';
import type { Logger } from '@vdi/telemetry';
import type { XConnection } from '../display/x-connection.ts';
import type { CursorImage } from './cursor-image.ts';
import { encodePng } from './encode-png.ts';
import { straightAlpha } from './straight-alpha.ts';

export interface CursorWatch {
  /** Tells the present cursor at once, if it is known, and every change. The result ends it. */
  onCursor(listener: (cursor: CursorImage) => void): () => void;
}

const displayCursor = 1;
/** Cursors by serial, which the server tells with the change: a handful, and some dozens for one that moves. */
const keptCursors = 256;

/** Follows the pointer's picture with XFIXES. */
export async function watchCursor(connection: XConnection, log: Logger): Promise<CursorWatch> {
  const fixes = await connection.extension('fixes');
  const listeners = new Set<(cursor: CursorImage) => void>();
  const known = new Map<number, CursorImage>();
  let current: CursorImage | undefined;

  const show = (cursor: CursorImage): void => {
    if (cursor.serial === current?.serial) return;
    current = cursor;
    for (const listener of listeners) listener(cursor);
  };

  const fetch = async (): Promise<void> => {
    const picture = await connection.reply<CursorPicture>((done) => fixes.GetCursorImage(done));
    const cursor = cursorImage(picture);
    remember(known, cursor);
    show(cursor);
  };

  connection.client.on('event', (event) => {
    if (event.name !== 'CursorNotify') return;
    const cursor = known.get(event['cursorSerial'] as number);
    if (cursor) show(cursor);
    else void fetch().catch((error: unknown) => log.warn({ err: error }, 'Could not read the cursor'));
  });
  fixes.SelectCursorInput(connection.root, displayCursor);
  await fetch();

  return {
    onCursor(listener) {
      listeners.add(listener);
      if (current) listener(current);
      return () => void listeners.delete(listener);
    },
  };
}

function cursorImage(picture: CursorPicture): CursorImage {
  const rgba = straightAlpha(picture.cursorImage);
  return {
    serial: picture.cursorSerial,
    visible: rgba.some((value, index) => index % 4 === 3 && value > 0),
    hotspot: { x: picture.xhot, y: picture.yhot },
    png: encodePng(picture.width, picture.height, rgba),
  };
}

function remember(known: Map<number, CursorImage>, cursor: CursorImage): void {
  known.set(cursor.serial, cursor);
  const [oldest] = known.keys();
  if (known.size > keptCursors && oldest !== undefined) known.delete(oldest);
}
