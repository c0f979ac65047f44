/*
 * Keysyms: the numbers by which X names what is on a key (X11 protocol, Appendix A). Latin-1 characters are their own
 * keysym, all others of Unicode are 0x01000000 plus the code point.
 */

const unicodeKeysyms = 0x0100_0000;

/** The keysym of one character. Line breaks and tabs are the keys that make them. */
export function keysymOfCharacter(character: string): number | undefined {
  const control = keysymsOfControls.get(character);
  if (control !== undefined) return control;
  const point = character.codePointAt(0);
  if (point === undefined || point < 0x20 || (point >= 0x7f && point < 0xa0)) return undefined;
  return point <= 0xff ? point : unicodeKeysyms + point;
}

/** The keysym of `KeyboardEvent.key`: a character, or a named key. `undefined` for what a key can not say (`Dead`, `Process`). */
export function keysymOfKey(key: string): number | undefined {
  return isCharacter(key) ? keysymOfCharacter(key) : keysymsOfNames.get(key);
}

/** Whether `KeyboardEvent.key` is what the key types, rather than its name. */
export function isCharacter(key: string): boolean {
  const point = key.codePointAt(0);
  return point !== undefined && key === String.fromCodePoint(point);
}

export const keysyms = { level3Shift: 0xfe03, shiftLeft: 0xffe1, shiftRight: 0xffe2, capsLock: 0xffe5 } as const;

const keysymsOfControls: ReadonlyMap<string, number> = new Map([
  ['\n', 0xff0d],
  ['\r', 0xff0d],
  ['\t', 0xff09],
  ['\b', 0xff08],
]);

const keysymsOfNames: ReadonlyMap<string, number> = new Map([
  ['Backspace', 0xff08],
  ['Tab', 0xff09],
  ['Enter', 0xff0d],
  ['Escape', 0xff1b],
  ['Home', 0xff50],
  ['ArrowLeft', 0xff51],
  ['ArrowUp', 0xff52],
  ['ArrowRight', 0xff53],
  ['ArrowDown', 0xff54],
  ['PageUp', 0xff55],
  ['PageDown', 0xff56],
  ['End', 0xff57],
  ['Insert', 0xff63],
  ['ContextMenu', 0xff67],
  ['Delete', 0xffff],
  ['Shift', keysyms.shiftLeft],
  ['Control', 0xffe3],
  ['Alt', 0xffe9],
  ['AltGraph', keysyms.level3Shift],
  ['Meta', 0xffeb],
  ['CapsLock', keysyms.capsLock],
  ...Array.from({ length: 12 }, (_, index) => [`F${index + 1}`, 0xffbe + index] as const),
]);

/** The other case of a Latin-1 letter, for keys that list only one: the server makes up the second. */
export function upperKeysym(keysym: number): number {
  const isLower =
    (keysym >= 0x61 && keysym <= 0x7a) || (keysym >= 0xe0 && keysym <= 0xfe && keysym !== 0xf7 && keysym !== 0xdf);
  return isLower ? keysym - 0x20 : keysym;
}
