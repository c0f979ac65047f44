import { upperKeysym } from './keysym.ts';

/** Modifiers that choose between the symbols of one key. */
export interface KeyLevel {
  readonly shift: boolean;
  /** AltGr. */
  readonly level3: boolean;
  /** Caps Lock is on. */
  readonly lock: boolean;
}

export const baseLevel: KeyLevel = { shift: false, level3: false, lock: false };

/**
 * What every key of the server yields: the table of GetKeyboardMapping, first group. The core protocol lays out levels
 * three and four after the second group (XKB protocol, 12.4).
 */
export class Keymap {
  readonly #firstKeycode: number;
  readonly #rows: readonly (readonly number[])[];

  constructor(firstKeycode: number, rows: readonly (readonly number[])[]) {
    this.#firstKeycode = firstKeycode;
    this.#rows = rows;
  }

  /** The keysym that `keycode` yields, 0 for none. */
  symbol(keycode: number, { shift, level3, lock }: KeyLevel): number {
    const row = this.#rows[keycode - this.#firstKeycode] ?? [];
    const column = level3 && (row[level3Column] ?? 0) !== 0 ? level3Column : 0;
    const lower = row[column] ?? 0;
    const upper = row[column + 1] || upperKeysym(lower);
    const isLetter = upper !== lower && upper === upperKeysym(lower);
    return shift !== (lock && isLetter) ? upper : lower;
  }

  /** A key that yields `keysym` with exactly these modifiers held. */
  find(keysym: number, level: KeyLevel): number | undefined {
    const index = this.#rows.findIndex((_, row) => this.symbol(this.#firstKeycode + row, level) === keysym);
    return index < 0 ? undefined : this.#firstKeycode + index;
  }

  /** The same without the symbols of `keycodes`. */
  without(keycodes: readonly number[]): Keymap {
    const rows = this.#rows.map((row, index) => (keycodes.includes(this.#firstKeycode + index) ? [] : row));
    return new Keymap(this.#firstKeycode, rows);
  }

  /** Keys without any symbol, free to be given one. */
  get spareKeycodes(): readonly number[] {
    return this.#rows.flatMap((row, index) =>
      row.every((keysym) => keysym === 0) ? [this.#firstKeycode + index] : [],
    );
  }
}

const level3Column = 4;
