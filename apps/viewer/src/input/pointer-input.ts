import type { ViewerControl } from '@vdi/protocol';
import type { ScreenView } from '../video/screen-view.ts';
import { type ButtonChange, buttonChanges } from './button-changes.ts';
import { TouchInput } from './touch-input.ts';
import { wheelDistance } from './wheel-distance.ts';

/** The motion channel loses messages; the last position of a movement is told once more. */
const confirmAfterMs = 60;

export interface PointerInputOptions {
  readonly surface: HTMLElement;
  readonly view: ScreenView;
  readonly mayDrive: () => boolean;
  send(message: ViewerControl): boolean;
  sendMotion(x: number, y: number): void;
  /** Told of every mouse or pen event before it has any effect. */
  used(event: MouseEvent, isPress: boolean): void;
  /** Control is down on the desktop: a wheel with Control is then a real one, else a pinch of the touch pad. */
  readonly holdsControl: () => boolean;
}

/** Carries mouse, pen, wheel and fingers from the surface to the desktop. */
export class PointerInput implements Disposable {
  readonly #options: PointerInputOptions;
  readonly #stopped = new AbortController();
  readonly #touch: TouchInput;
  /** Buttons as the last event had them, in the numbering of `MouseEvent.buttons`. */
  #buttons = 0;
  /** Buttons that the desktop has down, in the numbering of `MouseEvent.button`. */
  readonly #pressed = new Set<number>();
  #last: { readonly x: number; readonly y: number } | undefined;
  #confirm: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PointerInputOptions) {
    this.#options = options;
    this.#touch = new TouchInput({
      press: (button, isDown, x, y) => this.#tellButton({ button, isDown }, x, y),
      move: (x, y) => this.#moved(x, y),
      scroll: (dx, dy, x, y) => this.#scrolled(dx, dy, x, y),
    });
    this.#listen(options.surface);
  }

  get holdsButtons(): boolean {
    return this.#pressed.size > 0;
  }

  /** Forgets what is pressed; the desktop is told by whoever calls. */
  reset(): void {
    this.#pressed.clear();
    this.#last = undefined;
    this.#touch.reset();
  }

  [Symbol.dispose](): void {
    this.#stopped.abort();
    clearTimeout(this.#confirm);
    this.#touch.reset();
  }

  #listen(surface: HTMLElement): void {
    const { signal } = this.#stopped;
    const hasRawUpdates = 'onpointerrawupdate' in surface;
    surface.style.touchAction = 'none';
    surface.style.userSelect = 'none';
    surface.addEventListener('pointerdown', (event) => this.#pointerDown(event), { signal });
    surface.addEventListener('pointermove', (event) => this.#pointer(event, !hasRawUpdates), { signal });
    // Comes as soon as the device reports, not with the next frame of the page.
    if (hasRawUpdates) {
      surface.addEventListener('pointerrawupdate', (event) => this.#pointer(event as PointerEvent, true), { signal });
    }
    surface.addEventListener('pointerup', (event) => this.#pointer(event, true), { signal });
    surface.addEventListener('pointercancel', (event) => this.#cancelled(event), { signal });
    surface.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
    // The default of each would take the focus, open a menu, leave the page, or drag the picture away.
    for (const name of ['mousedown', 'mouseup', 'contextmenu', 'auxclick', 'dragstart', 'selectstart'] as const) {
      surface.addEventListener(name, (event) => event.preventDefault(), { signal });
    }
  }

  #pointerDown(event: PointerEvent): void {
    // Until the button comes up, the pointer may leave the window.
    this.#options.surface.setPointerCapture(event.pointerId);
    this.#pointer(event, true);
  }

  #pointer(event: PointerEvent, isMotion: boolean): void {
    if (!this.#options.mayDrive()) return;
    if (event.pointerType === 'touch') {
      if (event.type !== 'pointerrawupdate') this.#touch.handle(event);
      return;
    }
    const changes = buttonChanges(this.#buttons, event.buttons);
    this.#options.used(
      event,
      changes.some(({ isDown }) => isDown),
    );
    this.#buttons = event.buttons;
    if (isMotion) this.#motion(event);
    for (const change of changes) this.#tellButton(change, event.clientX, event.clientY);
  }

  #motion(event: PointerEvent): void {
    // While something is drawn or dragged every point counts; otherwise only where the pointer is now.
    const points = this.#pressed.size > 0 ? event.getCoalescedEvents() : [];
    if (points.length === 0) this.#moved(event.clientX, event.clientY);
    for (const point of points) this.#moved(point.clientX, point.clientY);
  }

  #moved(clientX: number, clientY: number): void {
    const point = this.#options.view.screenPoint(clientX, clientY);
    if (!point || (point.x === this.#last?.x && point.y === this.#last.y)) return;
    this.#last = point;
    this.#options.sendMotion(point.x, point.y);
    clearTimeout(this.#confirm);
    this.#confirm = setTimeout(() => this.#options.sendMotion(point.x, point.y), confirmAfterMs);
  }

  #tellButton({ button, isDown }: ButtonChange, clientX: number, clientY: number): void {
    const point = this.#options.view.screenPoint(clientX, clientY);
    if (!point) return;
    if (isDown) {
      // The bars beside the picture are not the desktop.
      if (!point.isOnScreen) return;
      this.#pressed.add(button);
    } else if (!this.#pressed.delete(button)) return;
    // The button carries its position, so a late copy of an older one must not follow it.
    clearTimeout(this.#confirm);
    this.#options.send({ type: 'button', button, down: isDown, x: point.x, y: point.y });
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    if (!this.#options.mayDrive()) return;
    this.#options.used(event, false);
    if (event.ctrlKey && !this.#options.holdsControl()) return;
    const { dx, dy } = wheelDistance({
      deltaX: event.deltaX,
      deltaY: event.deltaY,
      deltaMode: event.deltaMode,
      shift: event.shiftKey,
    });
    this.#scrolled(dx, dy, event.clientX, event.clientY);
  }

  #scrolled(dx: number, dy: number, clientX: number, clientY: number): void {
    const point = this.#options.view.screenPoint(clientX, clientY);
    if (!point?.isOnScreen || (dx === 0 && dy === 0)) return;
    this.#options.send({ type: 'wheel', dx, dy, x: point.x, y: point.y });
  }

  #cancelled(event: PointerEvent): void {
    if (event.pointerType === 'touch') {
      this.#touch.handle(event);
      return;
    }
    for (const button of this.#pressed) this.#tellButton({ button, isDown: false }, event.clientX, event.clientY);
    this.#buttons = 0;
  }
}
