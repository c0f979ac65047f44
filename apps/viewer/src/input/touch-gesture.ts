/**
 * Fingers as a mouse: a tap clicks, a finger that moves drags, a finger that stays clicks right, two fingers scroll. Points
 * are CSS pixels of the page.
 */
export interface Finger {
  readonly id: number;
  readonly x: number;
  readonly y: number;
}

export type TouchEventKind = 'down' | 'move' | 'up' | 'cancel';

export type TouchState =
  | { readonly kind: 'idle' }
  /** One finger, not yet a gesture: a tap, a drag or a long press. */
  | { readonly kind: 'touching'; readonly start: Finger }
  | { readonly kind: 'dragging'; readonly id: number; readonly last: Finger }
  | { readonly kind: 'scrolling'; readonly fingers: readonly [Finger, Finger] }
  /** The gesture is done; wait until this many fingers have left. */
  | { readonly kind: 'spent'; readonly fingers: number };

export type TouchAction =
  | { readonly kind: 'move'; readonly x: number; readonly y: number }
  | { readonly kind: 'press' | 'release'; readonly button: number; readonly x: number; readonly y: number }
  | { readonly kind: 'scroll'; readonly dx: number; readonly dy: number; readonly x: number; readonly y: number };

export interface TouchStep {
  readonly state: TouchState;
  readonly actions: readonly TouchAction[];
}

/** A finger that has not left this circle has not moved. */
const slopPixels = 10;
export const longPressMs = 500;
const leftButton = 0;
const rightButton = 2;

export const noTouch: TouchState = { kind: 'idle' };

export function touch(state: TouchState, event: TouchEventKind, finger: Finger): TouchStep {
  switch (event) {
    case 'down':
      return fingerDown(state, finger);
    case 'move':
      return fingerMoved(state, finger);
    case 'up':
      return fingerUp(state, finger);
    case 'cancel':
  }
  return cancelled(state, finger);
}

/** The finger has stayed where it was for `longPressMs`. */
export function longPress(state: TouchState): TouchStep {
  if (state.kind !== 'touching') return { state, actions: [] };
  return { state: { kind: 'spent', fingers: 1 }, actions: click(rightButton, state.start) };
}

function fingerDown(state: TouchState, finger: Finger): TouchStep {
  switch (state.kind) {
    case 'idle':
      return { state: { kind: 'touching', start: finger }, actions: [] };
    case 'touching':
      return { state: { kind: 'scrolling', fingers: [state.start, finger] }, actions: [] };
    case 'dragging':
      return { state: { kind: 'spent', fingers: 2 }, actions: [at('release', leftButton, state.last)] };
    case 'scrolling':
      return { state: { kind: 'spent', fingers: 3 }, actions: [] };
    case 'spent':
  }
  return { state: { kind: 'spent', fingers: state.fingers + 1 }, actions: [] };
}

function fingerMoved(state: TouchState, finger: Finger): TouchStep {
  switch (state.kind) {
    case 'touching': {
      if (finger.id !== state.start.id || distance(finger, state.start) < slopPixels) return { state, actions: [] };
      return {
        state: { kind: 'dragging', id: finger.id, last: finger },
        // Pressed where the finger came down: that is what it wants to drag.
        actions: [at('press', leftButton, state.start), { kind: 'move', x: finger.x, y: finger.y }],
      };
    }
    case 'dragging':
      if (finger.id !== state.id) return { state, actions: [] };
      return { state: { ...state, last: finger }, actions: [{ kind: 'move', x: finger.x, y: finger.y }] };
    case 'scrolling':
      return scrolled(state.fingers, finger);
    case 'idle':
    case 'spent':
  }
  return { state, actions: [] };
}

function scrolled(fingers: readonly [Finger, Finger], finger: Finger): TouchStep {
  const [first, second] = fingers;
  const moved: readonly [Finger, Finger] = [
    first.id === finger.id ? finger : first,
    second.id === finger.id ? finger : second,
  ];
  const from = middle(fingers);
  const to = middle(moved);
  return {
    state: { kind: 'scrolling', fingers: moved },
    // The content follows the fingers, so the wheel turns the other way.
    actions: [{ kind: 'scroll', dx: from.x - to.x, dy: from.y - to.y, x: to.x, y: to.y }],
  };
}

function fingerUp(state: TouchState, finger: Finger): TouchStep {
  switch (state.kind) {
    case 'touching':
      return { state: noTouch, actions: click(leftButton, state.start) };
    case 'dragging':
      if (finger.id !== state.id) return { state, actions: [] };
      return { state: noTouch, actions: [at('release', leftButton, finger)] };
    case 'scrolling':
      return { state: { kind: 'spent', fingers: 1 }, actions: [] };
    case 'spent':
      return { state: state.fingers > 1 ? { kind: 'spent', fingers: state.fingers - 1 } : noTouch, actions: [] };
    case 'idle':
  }
  return { state, actions: [] };
}

/** The system took the finger away (a palm, a gesture of its own): nothing may stay pressed, nothing is clicked. */
function cancelled(state: TouchState, finger: Finger): TouchStep {
  return state.kind === 'touching' ? { state: noTouch, actions: [] } : fingerUp(state, finger);
}

function click(button: number, point: Finger): readonly TouchAction[] {
  return [{ kind: 'move', x: point.x, y: point.y }, at('press', button, point), at('release', button, point)];
}

function at(kind: 'press' | 'release', button: number, { x, y }: Finger): TouchAction {
  return { kind, button, x, y };
}

function distance(one: Finger, other: Finger): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function middle([one, other]: readonly [Finger, Finger]): { readonly x: number; readonly y: number } {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}
