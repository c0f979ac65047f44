import type { Clock } from '../clock.ts';
import { HeldKeys } from './held-keys.ts';
import { baseLevel, type Keymap, type KeyLevel } from './keymap.ts';
import { isCharacter, keysymOfCharacter, keysymOfKey, keysyms } from './keysym.ts';
import { keycodeOf } from './physical-keys.ts';
import { SpareKeys } from './spare-keys.ts';

/** The server's side of a keyboard. */
export interface KeyPort {
  press(keycode: number): void;
  release(keycode: number): void;
  /** Gives `keycode` one symbol for all levels. */
  bind(keycode: number, keysym: number): void;
}

/** What was pressed for one physical key of the viewer. */
interface PressedKey {
  readonly keycode: number;
}

/** Done, or the moment at which to try again. */
type Outcome = 'done' | { readonly retryAtMs: number };

/**
 * The keyboard. A physical key is pressed as itself where the server's layout makes of it what the viewer's layout made.
 * Where it does not, the key that makes it is pressed instead, and where no key does, a spare key that gets the symbol.
 * So shortcuts and games see physical keys, and any layout types right. Everything happens in the order in which it came.
 */
export class Keyboard {
  readonly #port: KeyPort;
  readonly #clock: Clock;
  readonly #spare: SpareKeys;
  readonly #held: HeldKeys;
  readonly #pressed = new Map<string, PressedKey>();
  readonly #waiting: (() => Outcome)[] = [];
  #keymap: Keymap;
  #isLocked = false;
  #cancelRetry: (() => void) | undefined;

  constructor(port: KeyPort, keymap: Keymap, clock: Clock) {
    this.#port = port;
    this.#clock = clock;
    this.#spare = new SpareKeys((keycode, keysym) => port.bind(keycode, keysym));
    this.#held = new HeldKeys(clock, (code) => this.#release(code));
    this.#keymap = this.#spare.adopt(keymap);
  }

  /** The server has another layout. */
  remapped(keymap: Keymap): void {
    this.#keymap = this.#spare.adopt(keymap);
  }

  /** Whether Caps Lock is on, as the server says. */
  locked(isLocked: boolean): void {
    this.#isLocked = isLocked;
  }

  /** Whether `keycode` is one that this keyboard binds as it needs. */
  owns(keycode: number): boolean {
    return this.#spare.has(keycode);
  }

  key(code: string, key: string, down: boolean): void {
    const name = code === '' || code === 'Unidentified' ? `key:${key}` : code;
    this.#enqueue(() => (down ? this.#pressKey(name, code, key) : this.#release(name)));
  }

  text(text: string): void {
    for (const character of text.replaceAll('\r\n', '\n')) this.#enqueue(() => this.#type(character));
  }

  held(codes: readonly string[]): void {
    this.#enqueue(() => {
      this.#held.heard(codes);
      return 'done';
    });
  }

  /** At once: what was still to be typed is dropped. */
  releaseAll(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#waiting.length = 0;
    for (const code of this.#pressed.keys()) this.#release(code);
  }

  #enqueue(action: () => Outcome): void {
    if (this.#waiting.length >= mostWaiting) return;
    this.#waiting.push(action);
    if (!this.#cancelRetry) this.#work();
  }

  #work(): void {
    this.#cancelRetry = undefined;
    for (let action = this.#waiting[0]; action; action = this.#waiting[0]) {
      const outcome = action();
      if (outcome !== 'done') {
        this.#cancelRetry = this.#clock.after(Math.max(0, outcome.retryAtMs - this.#clock.nowMs()), () => this.#work());
        return;
      }
      this.#waiting.shift();
    }
  }

  #pressKey(name: string, code: string, key: string): Outcome {
    if (this.#pressed.has(name)) return 'done'; // the server repeats keys by itself
    // Windows reports AltGr as Control and Alt; only the latter was meant.
    if (key === 'AltGraph') this.#release('ControlLeft');
    const choice = this.#keycodeFor(code, key);
    if (choice === undefined) return 'done';
    if ('freeAtMs' in choice) return { retryAtMs: choice.freeAtMs };
    this.#port.press(choice.keycode);
    this.#pressed.set(name, choice);
    this.#held.pressed(name);
    return 'done';
  }

  #keycodeFor(code: string, key: string): ReturnType<SpareKeys['lend']> {
    const level = this.#level();
    const physical = keycodeOf(code);
    const wanted = keysymOfKey(key);
    const isNamed = physical !== undefined && !isCharacter(key) && key !== 'AltGraph';
    if (isNamed)
      return key === 'Dead' && !isDead(this.#keymap.symbol(physical, level)) ? undefined : { keycode: physical };
    if (wanted === undefined) return undefined;
    if (physical !== undefined && this.#keymap.symbol(physical, level) === wanted) return { keycode: physical };
    const keycode = this.#keymap.find(wanted, isCharacter(key) ? level : baseLevel);
    return keycode === undefined ? this.#spare.lend(wanted, this.#clock.nowMs()) : { keycode };
  }

  #type(character: string): Outcome {
    const keysym = keysymOfCharacter(character);
    if (keysym === undefined) return 'done';
    const level = this.#level();
    const asItIs = this.#keymap.find(keysym, level);
    const shiftKey = this.#keymap.find(keysyms.shiftLeft, baseLevel);
    const shifted = this.#keymap.find(keysym, { ...level, shift: true });
    if (asItIs !== undefined) this.#tap(asItIs);
    else if (shifted !== undefined && shiftKey !== undefined && !level.shift) {
      this.#port.press(shiftKey);
      this.#tap(shifted);
      this.#port.release(shiftKey);
    } else {
      const choice = this.#spare.lend(keysym, this.#clock.nowMs());
      if (choice && 'freeAtMs' in choice) return { retryAtMs: choice.freeAtMs };
      if (choice) this.#tap(choice.keycode);
    }
    return 'done';
  }

  #tap(keycode: number): void {
    this.#port.press(keycode);
    this.#port.release(keycode);
  }

  #release(name: string): Outcome {
    const pressed = this.#pressed.get(name);
    if (pressed === undefined) return 'done';
    this.#pressed.delete(name);
    this.#held.released(name);
    this.#port.release(pressed.keycode);
    return 'done';
  }

  #level(): KeyLevel {
    const holds = (keysym: number): boolean =>
      [...this.#pressed.values()].some(({ keycode }) => this.#keymap.symbol(keycode, baseLevel) === keysym);
    return {
      shift: holds(keysyms.shiftLeft) || holds(keysyms.shiftRight),
      level3: holds(keysyms.level3Shift),
      lock: this.#isLocked,
    };
  }
}

/** One long text and some keys after it. */
const mostWaiting = 8192;

/** Dead keysyms, which wait for a letter (X11 keysymdef.h). */
function isDead(keysym: number): boolean {
  return keysym >= 0xfe50 && keysym <= 0xfe93;
}
