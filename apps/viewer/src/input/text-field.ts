import { textDifference } from './text-difference.ts';

/** Something to delete: without it mobile keyboards do not tell that Backspace was pressed. */
const padding = '________';

export interface TextFieldHandlers {
  /** Text that was composed here. */
  written(text: string): void;
  /** A key that a mobile keyboard expressed as an editing command. */
  tapped(code: 'Backspace' | 'Delete' | 'Enter'): void;
}

const commandKeys: Readonly<Record<string, 'Backspace' | 'Delete' | 'Enter'>> = {
  deleteContentBackward: 'Backspace',
  deleteWordBackward: 'Backspace',
  deleteContentForward: 'Delete',
  insertLineBreak: 'Enter',
  insertParagraph: 'Enter',
};

/**
 * The invisible field that has the keyboard focus: input methods, dead keys and mobile keyboards only work in a field.
 * What they compose leaves it as text; it is always empty afterwards.
 */
export class TextField implements Disposable {
  readonly element: HTMLTextAreaElement;
  readonly #handlers: TextFieldHandlers;
  readonly #stopped = new AbortController();
  #isOnScreenKeyboard = false;
  /** What of the current composition the desktop has already got. */
  #typed = '';

  constructor(surface: HTMLElement, label: string, handlers: TextFieldHandlers) {
    this.#handlers = handlers;
    this.element = createField(label);
    surface.append(this.element);
    const { signal } = this.#stopped;
    this.element.addEventListener('compositionupdate', ({ data }) => this.#composing(data), { signal });
    this.element.addEventListener('compositionend', ({ data }) => this.#composed(data), { signal });
    this.element.addEventListener('beforeinput', (event) => this.#edited(event), { signal });
    this.element.addEventListener('blur', () => this.#hideKeyboard(), { signal });
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** Brings up the on-screen keyboard; call it from a tap, or mobile browsers refuse. */
  showKeyboard(): void {
    // A field that has the focus already gets no keyboard; leaving it also resets it.
    this.element.blur();
    this.#isOnScreenKeyboard = true;
    this.element.inputMode = 'text';
    this.#clear();
    this.focus();
  }

  [Symbol.dispose](): void {
    this.#stopped.abort();
    this.element.remove();
  }

  #hideKeyboard(): void {
    this.#isOnScreenKeyboard = false;
    this.element.inputMode = 'none';
    this.#clear();
  }

  /** On-screen keyboards compose each word; the desktop sees it grow. Elsewhere a composition counts when it is done. */
  #composing(text: string): void {
    if (this.#isOnScreenKeyboard) this.#rewrite(text);
  }

  #composed(text: string): void {
    if (this.#isOnScreenKeyboard) this.#rewrite(text);
    else if (text !== '') this.#handlers.written(text);
    this.#clear();
  }

  #rewrite(text: string): void {
    const { backspaces, text: addition } = textDifference(this.#typed, text);
    this.#typed = text;
    for (let count = 0; count < backspaces; count += 1) this.#handlers.tapped('Backspace');
    if (addition !== '') this.#handlers.written(addition);
  }

  #edited(event: InputEvent): void {
    if (event.isComposing || event.inputType === 'insertCompositionText') return;
    event.preventDefault();
    const key = commandKeys[event.inputType];
    if (key) this.#handlers.tapped(key);
    else if (event.data !== null && event.inputType.startsWith('insert')) this.#handlers.written(event.data);
  }

  #clear(): void {
    this.#typed = '';
    this.element.value = this.#isOnScreenKeyboard ? padding : '';
  }
}

function createField(label: string): HTMLTextAreaElement {
  const field = document.createElement('textarea');
  field.setAttribute('aria-label', label);
  field.setAttribute('autocorrect', 'off');
  field.autocapitalize = 'off';
  field.autocomplete = 'off';
  field.spellcheck = false;
  // Touching the picture must not bring up the on-screen keyboard; the menu does.
  field.inputMode = 'none';
  Object.assign(field.style, {
    position: 'absolute',
    left: '0',
    top: '0',
    // Safari zooms into fields with smaller letters, and input methods place their window beside the field.
    fontSize: '16px',
    width: '1px',
    height: '1px',
    padding: '0',
    border: '0',
    outline: '0',
    opacity: '0',
    resize: 'none',
    overflow: 'hidden',
    pointerEvents: 'none',
  });
  return field;
}
