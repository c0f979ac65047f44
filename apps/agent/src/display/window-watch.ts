import { eventMask, type WindowAttributes } from 'x11';
import type { Clock } from '../clock.ts';
import type { XConnection } from './x-connection.ts';

/** Counts windows that a person would call windows: what shows that a desktop has started. */
export interface WindowWatch {
  readonly count: number;
  /** When the first of them appeared. */
  readonly firstAt: Date | undefined;
}

const inputOnly = 2;
const viewable = 2;
/** Window managers map tiny windows of their own to announce themselves. */
const smallestSide = 8;

/** Watches the children of the root window: programs without a window manager, and the frames of those with one. */
export async function watchWindows(connection: XConnection, clock: Clock): Promise<WindowWatch> {
  const { client, root } = connection;
  const windows = new Set<number>();
  let firstAt: Date | undefined;

  const consider = async (window: number): Promise<void> => {
    try {
      const attributes = await connection.reply<WindowAttributes>((done) => client.GetWindowAttributes(window, done));
      if (attributes.overrideRedirect || attributes.klass === inputOnly || attributes.mapState !== viewable) return;
      const { width, height } = await connection.reply<{ readonly width: number; readonly height: number }>((done) =>
        client.GetGeometry(window, done),
      );
      if (width < smallestSide || height < smallestSide) return;
      windows.add(window);
      firstAt ??= clock.date();
    } catch {
      // The window is gone already, and so is its place in the count.
      windows.delete(window);
    }
  };

  client.on('event', (event) => {
    if (event['event'] !== root || event.wid === undefined) return;
    if (event.name === 'MapNotify') void consider(event.wid);
    else if (event.name === 'UnmapNotify' || event.name === 'DestroyNotify') windows.delete(event.wid);
    else if (event.name === 'ReparentNotify' && event['parent'] !== root) windows.delete(event.wid);
  });
  client.ChangeWindowAttributes(root, { eventMask: eventMask['SubstructureNotify'] ?? 0 });
  const { children } = await connection.reply<{ readonly children: readonly number[] }>((done) =>
    client.QueryTree(root, done),
  );
  await Promise.all(children.map(consider));
  return {
    get count() {
      return windows.size;
    },
    get firstAt() {
      return firstAt;
    },
  };
}
