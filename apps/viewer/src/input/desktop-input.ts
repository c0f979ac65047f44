import type { ClipboardContent, ViewerControl } from '@vdi/protocol';
import type { ScreenView } from '../video/screen-view.ts';
import { KeyboardInput } from './keyboard-input.ts';
import type { KeyboardSettings } from './keyboard-state.ts';
import { PointerInput } from './pointer-input.ts';
import { TextField } from './text-field.ts';
import { textPieces } from './text-pieces.ts';

export interface DesktopInputOptions {
  readonly surface: HTMLElement;
  readonly view: ScreenView;
  /** What a screen reader says of the picture. */
  readonly label: string;
  readonly keyboard: () => KeyboardSettings;
  readonly mayDrive: () => boolean;
  readonly send: (message: ViewerControl) => boolean;
  readonly paste: (content: ClipboardContent) => void;
  readonly sendMotion: (x: number, y: number) => void;
  readonly shortcut: (event: KeyboardEvent) => boolean;
}

/** Everything that a person does to the desktop: keyboard, text, pointer. */
export class DesktopInput implements Disposable {
  readonly #options: DesktopInputOptions;
  readonly #field: TextField;
  readonly #keyboard: KeyboardInput;
  readonly #pointer: PointerInput;
  readonly #stopped = new AbortController();

  constructor(options: DesktopInputOptions) {
    this.#options = options;
    this.#field = new TextField(options.surface, options.label, {
      written: (text) => {
        this.#keyboard.composed();
        this.type(text);
      },
      tapped: (code) => {
        if (options.mayDrive()) this.#keyboard.tap(code);
      },
    });
    this.#keyboard = new KeyboardInput({
      field: this.#field.element,
      settings: options.keyboard,
      mayDrive: options.mayDrive,
      send: options.send,
      paste: options.paste,
      shortcut: options.shortcut,
      blurred: () => this.releaseAll(),
    });
    this.#pointer = new PointerInput({
      surface: options.surface,
      view: options.view,
      mayDrive: options.mayDrive,
      send: options.send,
      sendMotion: options.sendMotion,
      used: (event, isPress) => this.#keyboard.pointerUsed(event, isPress),
      holdsControl: () => this.#keyboard.holdsControl,
    });
    const { signal } = this.#stopped;
    options.surface.addEventListener('pointerdown', () => this.focus(), { signal });
    document.addEventListener('visibilitychange', () => document.hidden && this.releaseAll(), { signal });
  }

  focus(): void {
    this.#field.focus();
  }

  /** Brings up the on-screen keyboard; call it from a tap. */
  showKeyboard(): void {
    this.#field.showKeyboard();
  }

  /** Types `text` on the desktop, whatever its keyboard layout. */
  type(text: string): void {
    if (!this.#options.mayDrive()) return;
    for (const piece of textPieces(text)) this.#options.send({ type: 'text', text: piece });
  }

  /** Nothing is down any more. */
  releaseAll(): void {
    const heldSomething = this.#keyboard.holdsKeys || this.#pointer.holdsButtons;
    this.#keyboard.reset();
    this.#pointer.reset();
    if (heldSomething) this.#options.send({ type: 'release-all' });
  }

  [Symbol.dispose](): void {
    this.releaseAll();
    this.#stopped.abort();
    this.#pointer[Symbol.dispose]();
    this.#keyboard[Symbol.dispose]();
    this.#field[Symbol.dispose]();
  }
}
