import {
  type Finger,
  longPress,
  longPressMs,
  noTouch,
  touch,
  type TouchAction,
  type TouchEventKind,
  type TouchStep,
} from './touch-gesture.ts';

/** Coordinates are CSS pixels of the page. */
export interface TouchHandlers {
  press(button: number, isDown: boolean, x: number, y: number): void;
  move(x: number, y: number): void;
  scroll(dx: number, dy: number, x: number, y: number): void;
}

const kinds: Readonly<Record<string, TouchEventKind>> = {
  pointerdown: 'down',
  pointermove: 'move',
  pointerup: 'up',
  pointercancel: 'cancel',
};

/** Runs the touch gestures on pointer events and on the clock of the long press. */
export class TouchInput {
  readonly #handlers: TouchHandlers;
  #state = noTouch;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(handlers: TouchHandlers) {
    this.#handlers = handlers;
  }

  handle(event: PointerEvent): void {
    const kind = kinds[event.type];
    if (!kind) return;
    const finger: Finger = { id: event.pointerId, x: event.clientX, y: event.clientY };
    this.#apply(touch(this.#state, kind, finger));
  }

  reset(): void {
    this.#state = noTouch;
    clearTimeout(this.#timer);
  }

  #apply({ state, actions }: TouchStep): void {
    const wasTouching = this.#state.kind === 'touching';
    this.#state = state;
    if (state.kind !== 'touching') clearTimeout(this.#timer);
    else if (!wasTouching) this.#timer = setTimeout(() => this.#apply(longPress(this.#state)), longPressMs);
    for (const action of actions) this.#act(action);
  }

  #act(action: TouchAction): void {
    switch (action.kind) {
      case 'move':
        this.#handlers.move(action.x, action.y);
        return;
      case 'press':
      case 'release':
        this.#handlers.press(action.button, action.kind === 'press', action.x, action.y);
        return;
      case 'scroll':
        this.#handlers.scroll(action.dx, action.dy, action.x, action.y);
    }
  }
}
