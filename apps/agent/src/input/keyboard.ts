import type { TestInput } from 'x11';
import { keycodeOf } from './physical-keys.ts';

/** The keyboard, through XTEST. */
export interface Keyboard {
  key(code: string, key: string, down: boolean): void;
  text(text: string): void;
  held(codes: readonly string[]): void;
  releaseAll(): void;
}

const keyPress = 2;
const keyRelease = 3;

export function createKeyboard({ xtest, root }: { readonly xtest: TestInput; readonly root: number }): Keyboard {
  const pressed = new Map<string, number>();
  const release = (code: string): void => {
    const keycode = pressed.get(code);
    if (keycode === undefined) return;
    xtest.FakeInput(keyRelease, keycode, 0, root, 0, 0);
    pressed.delete(code);
  };
  return {
    key(code, _key, down) {
      const keycode = keycodeOf(code);
      if (keycode === undefined) return;
      if (!down) return release(code);
      xtest.FakeInput(keyPress, keycode, 0, root, 0, 0);
      pressed.set(code, keycode);
    },
    text() {},
    held() {},
    releaseAll() {
      for (const code of pressed.keys()) release(code);
    },
  };
}
