import { eventMask, type XEvent } from 'x11';
import type { XConnection } from '../../../apps/agent/src/display/x-connection.ts';
import { eventually } from '@vdi/testing/desktops';

/** A window over the whole screen that notes what keyboard and mouse do to it. */
export interface KeyLog {
  readonly events: readonly XEvent[];
  /** Resolves when `condition` holds for the events so far. */
  readonly until: (condition: (events: readonly XEvent[]) => boolean, what: string) => Promise<void>;
  /** Keycodes that the server holds down. */
  readonly keysDown: () => Promise<readonly number[]>;
}

export async function openKeyLog(connection: XConnection): Promise<KeyLog> {
  const { client, root } = connection;
  const window = client.AllocID();
  const wanted = ['KeyPress', 'KeyRelease', 'ButtonPress', 'ButtonRelease', 'PointerMotion'];
  const mask = wanted.reduce((sum, name) => sum | (eventMask[name] ?? 0), 0);
  client.CreateWindow(window, root, 0, 0, 400, 300, 0, 0, 0, 0, { overrideRedirect: 1, eventMask: mask });
  client.MapWindow(window);
  const events: XEvent[] = [];
  client.on('event', (event) => events.push(event));
  await client.sync();
  return {
    events,
    until: async (condition, what) => {
      await eventually(
        () => Promise.resolve(events.map(({ name, keycode, x, y }) => ({ name, keycode, x, y }))),
        () => condition(events),
        { what },
      );
    },
    keysDown: async () => {
      const bits = await connection.reply<Buffer>((done) => client.QueryKeymap(done));
      return Array.from({ length: 256 }, (_, keycode) => keycode).filter(
        (keycode) => ((bits[keycode >> 3] ?? 0) >> (keycode & 7)) & 1,
      );
    },
  };
}
