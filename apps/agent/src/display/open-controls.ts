import type { Clipboard } from '../clipboard/clipboard.ts';
import { openClipboard } from '../clipboard/open-clipboard.ts';
import { type CursorWatch, watchCursor } from '../cursor/watch-cursor.ts';
import { type Input, type InputOptions, openInput } from '../input/open-input.ts';
import { watchWindows, type WindowWatch } from './window-watch.ts';

/** Everything but pixels that goes over one connection to the X server, in the order in which it is asked for. */
export interface Controls extends AsyncDisposable {
  readonly windows: WindowWatch;
  readonly cursors: CursorWatch;
  readonly input: Input;
  readonly clipboard: Clipboard;
}

export async function openControls(options: InputOptions): Promise<Controls> {
  const { connection, clock, log } = options;
  await using stack = new AsyncDisposableStack();
  const windows = await watchWindows(connection, clock);
  const cursors = await watchCursor(connection, log);
  const input = stack.use(await openInput(options));
  const clipboard = stack.use(await openClipboard({ connection, clock, log }));
  const resources = stack.move();
  return { windows, cursors, input, clipboard, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}
