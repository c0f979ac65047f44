import { baseLevel, type Keymap } from './keymap.ts';

/**
 * Lends keys that have no symbol to symbols that have no key. Programs look a keycode up some time after it was pressed,
 * in the table as it is then, so a key keeps its symbol for a while after its last use.
 */
export class SpareKeys {
  readonly #bind: (keycode: number, keysym: number) => void;
  /** Least recently used first. */
  #bindings: Binding[] = [];

  /** @param bind tells the server */
  constructor(bind: (keycode: number, keysym: number) => void) {
    this.#bind = bind;
  }

  /**
   * Takes over from a new layout the keys that it leaves free and those of ours that it left alone.
   * @returns the layout without our keys
   */
  adopt(keymap: Keymap): Keymap {
    const ours = this.#bindings.filter(
      ({ keycode, keysym }) => keysym !== undefined && keymap.symbol(keycode, baseLevel) === keysym,
    );
    const free = keymap.spareKeycodes.map((keycode) => ({ keycode, keysym: undefined, freeAtMs: -Infinity }));
    this.#bindings = [...free.slice(0, mostKeys - ours.length), ...ours];
    return keymap.without(ours.map(({ keycode }) => keycode));
  }

  has(keycode: number): boolean {
    return this.#bindings.some((binding) => binding.keycode === keycode);
  }

  /** A key that yields `keysym` whatever is held, or the time from which on there will be one; `undefined` when no key is spare at all. */
  lend(keysym: number, nowMs: number): { readonly keycode: number } | { readonly freeAtMs: number } | undefined {
    const bound = this.#bindings.find((binding) => binding.keysym === keysym);
    const binding = bound ?? this.#bindings[0];
    if (!binding) return undefined;
    if (!bound) {
      if (binding.freeAtMs > nowMs) return { freeAtMs: binding.freeAtMs };
      this.#bind(binding.keycode, keysym);
    }
    const used = { keycode: binding.keycode, keysym, freeAtMs: nowMs + reuseMs };
    this.#bindings = [...this.#bindings.filter((other) => other !== binding), used];
    return { keycode: used.keycode };
  }
}

interface Binding {
  readonly keycode: number;
  readonly keysym: number | undefined;
  readonly freeAtMs: number;
}

/** How long a busy program may take from the key press to looking it up. */
const reuseMs = 200;
/** Some are left for programs that do the same. */
const mostKeys = 48;
