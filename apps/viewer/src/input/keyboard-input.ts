import type { ClipboardContent, ViewerControl } from '@vdi/protocol';
import { pastedContent } from '../clipboard/pasted-content.ts';
import { type KeyPress, keyPressOf } from './key-press.ts';
import {
  composed,
  heldCodes,
  idleKeyboard,
  keyDown,
  type KeyboardSettings,
  type KeyboardStep,
  keyUp,
  releaseHidden,
  tellOption,
} from './keyboard-state.ts';

/** The agent releases what is not confirmed; a second is its heartbeat. */
const heartbeatMs = 1_000;

export interface KeyboardInputOptions {
  /** Has the focus while the keyboard belongs to the desktop. */
  readonly field: HTMLTextAreaElement;
  readonly settings: () => KeyboardSettings;
  readonly mayDrive: () => boolean;
  send(message: ViewerControl): boolean;
  /** What was pasted goes to the desktop before the key that pastes it. */
  paste(content: ClipboardContent): void;
  /** A shortcut of the page itself: `true` keeps it from the desktop. */
  shortcut(event: KeyboardEvent): boolean;
  /** The focus left: whatever is down here may come up unseen. */
  blurred(): void;
}

/** Carries key events from the focused field to the desktop; what they mean is decided in keyboard-state.ts. */
export class KeyboardInput implements Disposable {
  readonly #options: KeyboardInputOptions;
  readonly #stopped = new AbortController();
  #state = idleKeyboard;
  #heartbeat: ReturnType<typeof setInterval> | undefined;
  /** A press of Ctrl+V waits for the browser's paste event, which brings the clipboard without asking for a permission. */
  #waitingPaste: KeyPress | undefined;
  /** Keys that wait while a picture is read from the clipboard. */
  #behindPicture: ViewerControl[] | undefined;

  constructor(options: KeyboardInputOptions) {
    this.#options = options;
    const { field } = options;
    const { signal } = this.#stopped;
    field.addEventListener('keydown', (event) => this.#keyDown(event), { signal });
    field.addEventListener('keyup', (event) => this.#keyUp(event), { signal });
    field.addEventListener('paste', (event) => this.#pasted(event), { signal });
    field.addEventListener('blur', () => options.blurred(), { signal });
  }

  get holdsKeys(): boolean {
    return this.#state.held.size > 0;
  }

  get holdsControl(): boolean {
    return heldCodes(this.#state).some((code) => code.startsWith('Control'));
  }

  /** Forgets what is held; the desktop is told by whoever calls. */
  reset(): void {
    this.#waitingPaste = undefined;
    this.#state = idleKeyboard;
    this.#beat();
  }

  /** An input method has written something. */
  composed(): void {
    this.#state = composed(this.#state);
  }

  /** Every pointer event tells which modifiers are down. */
  pointerUsed(event: MouseEvent, isPress: boolean): void {
    if (!this.holdsKeys && !this.#state.waitingOption) return;
    const flags = {
      shift: event.shiftKey,
      control: event.ctrlKey,
      alt: event.altKey,
      meta: event.metaKey,
      altGraph: event.getModifierState('AltGraph'),
    };
    this.#apply(releaseHidden(this.#state, flags, this.#options.settings()));
    if (isPress) this.#apply(tellOption(this.#state));
  }

  /** Presses and releases a key that has no event of its own: mobile keyboards, the menu. */
  tap(code: string): void {
    this.#options.send({ type: 'key', code, key: code, down: true });
    this.#options.send({ type: 'key', code, key: code, down: false });
  }

  [Symbol.dispose](): void {
    this.#stopped.abort();
    clearInterval(this.#heartbeat);
  }

  #keyDown(event: KeyboardEvent): void {
    if (this.#options.shortcut(event)) {
      event.preventDefault();
      return;
    }
    if (!this.#options.mayDrive()) return;
    this.#flushPaste();
    const press = keyPressOf(event);
    if (isPaste(press, this.#options.settings())) {
      this.#waitingPaste = press;
      return;
    }
    const step = keyDown(this.#state, press, this.#options.settings());
    if (!step.isForBrowser) event.preventDefault();
    this.#apply(step);
  }

  #keyUp(event: KeyboardEvent): void {
    if (!this.#options.mayDrive()) return;
    this.#flushPaste();
    const step = keyUp(this.#state, keyPressOf(event), this.#options.settings());
    if (!step.isForBrowser) event.preventDefault();
    this.#apply(step);
  }

  #pasted(event: ClipboardEvent): void {
    event.preventDefault();
    const content = this.#options.mayDrive() ? pastedContent(event.clipboardData) : undefined;
    if (content instanceof Promise) void this.#pastePicture(content);
    else if (content) this.#options.paste(content);
    this.#flushPaste();
  }

  async #pastePicture(reading: Promise<ClipboardContent>): Promise<void> {
    const waiting: ViewerControl[] = [];
    this.#behindPicture = waiting;
    // A picture that cannot be read is not pasted; the keys go on.
    const content = await reading.catch(() => undefined);
    if (content) this.#options.paste(content);
    if (this.#behindPicture === waiting) this.#behindPicture = undefined;
    for (const message of waiting) this.#options.send(message);
  }

  /** The clipboard is on its way, or there is none: now the key itself. */
  #flushPaste(): void {
    if (!this.#waitingPaste) return;
    const press = this.#waitingPaste;
    this.#waitingPaste = undefined;
    this.#apply(keyDown(this.#state, press, this.#options.settings()));
  }

  #apply({ state, messages }: KeyboardStep): void {
    this.#state = state;
    for (const message of messages) {
      if (this.#behindPicture) this.#behindPicture.push(message);
      else this.#options.send(message);
    }
    this.#beat();
  }

  /** The heartbeat runs only while keys are down. */
  #beat(): void {
    if (!this.holdsKeys) {
      clearInterval(this.#heartbeat);
      this.#heartbeat = undefined;
      return;
    }
    this.#heartbeat ??= setInterval(() => {
      this.#options.send({ type: 'held', codes: [...heldCodes(this.#state)] });
    }, heartbeatMs);
  }
}

function isPaste(press: KeyPress, { isMac, commandKey }: KeyboardSettings): boolean {
  const isChord = press.control || (isMac && press.meta && commandKey === 'control');
  return isChord && !press.alt && !press.isRepeat && press.key.toLowerCase() === 'v';
}
