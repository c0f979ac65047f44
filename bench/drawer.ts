import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { DrawCommand } from './draw-marker.ts';

/** Something that draws into an X server, as a process of its own. */
export interface Drawer extends AsyncDisposable {
  /** Shows a number. @returns when it was handed to the X server, in milliseconds since 1970 */
  draw(value: number): Promise<number>;
  /** Redraws the whole window sixty times a second, or rests. */
  move(isMoving: boolean): void;
}

/**
 * Covers a screen with a black window to draw in.
 *
 * @param target DISPLAY, or the path of the X server's socket
 * @throws Error when nobody answers there
 */
export async function startDrawer(target: string): Promise<Drawer> {
  const child = fork(join(import.meta.dirname, 'draw-marker.ts'), [target]);
  await answer(child);
  const tell = (command: DrawCommand): boolean => child.send(command);
  return {
    async draw(value) {
      tell({ draw: value });
      const { drawnAt } = (await answer(child)) as { readonly drawnAt: number };
      return drawnAt;
    },
    move: (isMoving) => void tell({ motion: isMoving }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

async function answer(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The process that draws ended with code ${code}; what it said is above.`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
    return message;
  } finally {
    over.abort();
    ended.catch(() => undefined);
  }
}
