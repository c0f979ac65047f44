import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import type { InputSink } from './input-sink.ts';
import { openKeyboard } from './open-keyboard.ts';
import { createPointer } from './pointer.ts';

export interface Input extends InputSink, AsyncDisposable {
  readonly lastInputAt: Date | undefined;
}

export interface InputOptions {
  readonly connection: XConnection;
  readonly screen: () => Size;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Opens keyboard and mouse of the X server. Disposing releases everything that is still down. */
export async function openInput({ connection, screen, clock, log }: InputOptions): Promise<Input> {
  const xtest = await connection.extension('xtest');
  const keyboard = await openKeyboard({ connection, xtest, clock, log });
  const pointer = createPointer({ xtest, root: connection.root, screen });
  let lastInputAt: Date | undefined;
  const used = (): void => {
    lastInputAt = clock.date();
  };
  const releaseAll = (): void => {
    keyboard.releaseAll();
    pointer.releaseAll();
  };
  return {
    get lastInputAt() {
      return lastInputAt;
    },
    key(code, key, down) {
      used();
      keyboard.key(code, key, down);
    },
    text(text) {
      used();
      keyboard.text(text);
    },
    held: (codes) => keyboard.held(codes),
    button(button, down, x, y) {
      used();
      pointer.button(button, down, x, y);
    },
    motion(x, y) {
      used();
      pointer.motion(x, y);
    },
    wheel(dx, dy, x, y) {
      used();
      pointer.wheel(dx, dy, x, y);
    },
    releaseAll,
    [Symbol.asyncDispose]: async () => {
      releaseAll();
      await connection.settled();
    },
  };
}
