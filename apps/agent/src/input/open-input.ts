import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../display/clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import type { InputSink } from './input-sink.ts';
import { createKeyboard } from './keyboard.ts';
import { createPointer } from './pointer.ts';

export interface Input extends InputSink, AsyncDisposable {
  readonly lastInputAt: Date | undefined;
}

export interface InputOptions {
  readonly connection: XConnection;
  readonly screen: () => Size;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Opens keyboard and mouse of the X server. Disposing releases everything that is still down. */
export async function openInput({ connection, screen, now }: InputOptions): Promise<Input> {
  const xtest = await connection.extension('xtest');
  const { root } = connection;
  const keyboard = createKeyboard({ xtest, root });
  const pointer = createPointer({ xtest, root, screen });
  let lastInputAt: Date | undefined;
  const noting =
    <Arguments extends readonly unknown[]>(act: (...values: Arguments) => void) =>
    (...values: Arguments): void => {
      lastInputAt = now();
      act(...values);
    };
  const releaseAll = (): void => {
    keyboard.releaseAll();
    pointer.releaseAll();
  };
  return {
    get lastInputAt() {
      return lastInputAt;
    },
    key: noting(keyboard.key),
    text: noting(keyboard.text),
    held: keyboard.held,
    button: noting(pointer.button),
    motion: noting(pointer.motion),
    wheel: noting(pointer.wheel),
    releaseAll,
    [Symbol.asyncDispose]: async () => {
      releaseAll();
      await connection.client.sync();
    },
  };
}
