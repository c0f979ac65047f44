import type { TestInput } from 'x11';
import type { Size } from '@vdi/protocol';
import { createWheelNotches } from './wheel-notches.ts';

/** The mouse, through XTEST. */
export interface Pointer {
  motion(x: number, y: number): void;
  button(button: number, down: boolean, x: number, y: number): void;
  wheel(dx: number, dy: number, x: number, y: number): void;
  releaseAll(): void;
}

const buttonPress = 4;
const buttonRelease = 5;
const motionNotify = 6;
/** X button by `MouseEvent.button`: left, middle, right, back, forward. */
const xButtons = [1, 2, 3, 8, 9] as const;
const wheelButtons = { up: 4, down: 5, left: 6, right: 7 } as const;

export function createPointer(options: {
  readonly xtest: TestInput;
  readonly root: number;
  readonly screen: () => Size;
}): Pointer {
  const { xtest, root, screen } = options;
  const pressed = new Set<number>();
  const notches = createWheelNotches();

  const motion = (x: number, y: number): void => {
    const { width, height } = screen();
    xtest.FakeInput(motionNotify, 0, 0, root, clamp(x, width), clamp(y, height));
  };
  const press = (button: number): void => xtest.FakeInput(buttonPress, button, 0, root, 0, 0);
  const release = (button: number): void => xtest.FakeInput(buttonRelease, button, 0, root, 0, 0);
  const turn = (button: number, times: number): void => {
    for (let time = 0; time < times; time += 1) {
      press(button);
      release(button);
    }
  };

  return {
    motion,
    button(button, down, x, y) {
      const xButton = xButtons[button];
      if (xButton === undefined || pressed.has(xButton) === down) return;
      motion(x, y);
      if (down) {
        press(xButton);
        pressed.add(xButton);
      } else {
        release(xButton);
        pressed.delete(xButton);
      }
    },
    wheel(dx, dy, x, y) {
      const { right, down } = notches.add(dx, dy);
      if (right === 0 && down === 0) return;
      motion(x, y);
      turn(down > 0 ? wheelButtons.down : wheelButtons.up, Math.abs(down));
      turn(right > 0 ? wheelButtons.right : wheelButtons.left, Math.abs(right));
    },
    releaseAll() {
      for (const button of pressed) release(button);
      pressed.clear();
    },
  };
}

function clamp(value: number, size: number): number {
  return Math.max(0, Math.min(size - 1, Math.round(value)));
}
