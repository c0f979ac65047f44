import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import type { InputSink, PointerPlace } from './input-sink.ts';
import { openKeyboard } from './open-keyboard.ts';
import { createPointer } from './pointer.ts';

export interface Input extends InputSink, AsyncDisposable {
  readonly lastInputAt: Date | undefined;
  /** Tells where the pointer was put last, and each place from now on. The result ends it. */
  onPointer(listener: (place: PointerPlace) => void): () => void;
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
  const listeners = new Set<(place: PointerPlace) => void>();
  let place: PointerPlace | undefined;
  const movedTo = (x: number, y: number): void => {
    used();
    place = { x, y };
    for (const listener of listeners) listener(place);
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
      movedTo(x, y);
      pointer.button(button, down, x, y);
    },
    motion(x, y) {
      movedTo(x, y);
      pointer.motion(x, y);
    },
    wheel(dx, dy, x, y) {
      movedTo(x, y);
      pointer.wheel(dx, dy, x, y);
    },
    releaseAll,
    onPointer(listener) {
      listeners.add(listener);
      if (place) listener(place);
      return () => void listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      releaseAll();
      await connection.settled();
    },
  };
}
