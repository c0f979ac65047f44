import type { XConnection } from '../../../apps/agent/src/display/x-connection.ts';

/** Paints rectangles straight onto the screen, in one window that covers it and that no window manager touches. */
export interface Painter {
  fill(colour: number, x: number, y: number, width: number, height: number): Promise<void>;
}

export async function openPainter(connection: XConnection): Promise<Painter> {
  const { client, root } = connection;
  const { width, height } = await connection.reply<{ readonly width: number; readonly height: number }>((done) =>
    client.GetGeometry(root, done),
  );
  const window = client.AllocID();
  client.CreateWindow(window, root, 0, 0, width, height, 0, 0, 0, 0, { overrideRedirect: 1, backgroundPixel: 0 });
  client.MapWindow(window);
  const context = client.AllocID();
  client.CreateGC(context, window, { foreground: 0 });
  await client.sync();
  return {
    async fill(colour, x, y, width, height) {
      client.ChangeGC(context, { foreground: colour });
      client.PolyFillRectangle(window, context, [x, y, width, height]);
      await client.sync();
    },
  };
}
