import { createDrivenClock } from '@vdi/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keyboard } from './keyboard.ts';
import { Keymap } from './keymap.ts';
import { keysymOfCharacter } from './keysym.ts';
import { keycodeOf } from './physical-keys.ts';

const capsOn = { shift: false, level3: false, lock: true };
const plain = { shift: false, level3: false, lock: false };

/** A US layout with a few keys, AltGr on keycode 92, and spare keys from 200 to 203. */
function aKeymap(): Keymap {
  const symbols = new Map<number, readonly number[]>([
    [38, [0x61]], // KeyA
    [24, [0x71, 0x51]], // KeyQ
    [11, [0x32, 0x40]], // Digit2: 2 @
    [50, [0xffe1]], // ShiftLeft
    [37, [0xffe3]], // ControlLeft
    [108, [0xffea]], // AltRight
    [92, [0xfe03]],
    [36, [0xff0d]], // Enter
    [21, [0xfe51]], // a dead acute
  ]);
  const isSpare = (keycode: number) => keycode >= 200 && keycode <= 203;
  const rows = Array.from({ length: 248 }, (_, index) => symbols.get(index + 8) ?? (isSpare(index + 8) ? [0, 0] : [1]));
  return new Keymap(8, rows);
}

function aKeyboard() {
  const clock = createDrivenClock(new Date(0));
  const done: string[] = [];
  const keyboard = new Keyboard(
    {
      press: (keycode) => done.push(`+${keycode}`),
      release: (keycode) => done.push(`-${keycode}`),
      bind: (keycode, keysym) => done.push(`${keycode}=${String.fromCodePoint(keysym & 0xffffff)}`),
    },
    aKeymap(),
    {
      nowMs: () => clock.now().getTime(),
      timeOrigin: 0,
      date: () => clock.now(),
      after: (delayMs, callback) => clock.after(delayMs, callback),
    },
  );
  return { clock, done, keyboard };
}

describe('the keyboard', () => {
  it('presses the physical key where it yields what the viewer typed, and names are always physical', () => {
    const { keyboard, done } = aKeyboard();
    keyboard.key('KeyA', 'a', true);
    keyboard.key('KeyA', 'a', false);
    keyboard.key('Enter', 'Enter', true);
    expect(done).toEqual(['+38', '-38', '+36']);
  });

  it('presses the key that yields it where the layouts differ', () => {
    const { keyboard, done } = aKeyboard();
    keyboard.key('KeyQ', 'a', true); // French
    keyboard.key('KeyQ', 'a', false);
    expect(done).toEqual(['+38', '-38']);
  });

  it('lends a spare key to what no key yields with the modifiers that are held', () => {
    const { keyboard, done } = aKeyboard();
    keyboard.key('Semicolon', 'ö', true);
    keyboard.key('Semicolon', 'ö', false);
    keyboard.key('Semicolon', 'ö', true);
    expect(done).toEqual(['200=ö', '+200', '-200', '+200']);
  });

  it('takes Control back when Windows meant AltGr', () => {
    const { keyboard, done } = aKeyboard();
    keyboard.key('ControlLeft', 'Control', true);
    keyboard.key('AltRight', 'AltGraph', true);
    keyboard.key('KeyQ', '@', true);
    expect(done).toEqual(['+37', '-37', '+92', '200=@', '+200']);
  });

  it('ignores repeats, dead keys that the server lacks, and releases of what is not down', () => {
    const { keyboard, done } = aKeyboard();
    keyboard.key('KeyA', 'a', true);
    keyboard.key('KeyA', 'a', true);
    keyboard.key('KeyQ', 'Dead', true);
    keyboard.key('Equal', 'Dead', true);
    keyboard.key('Digit2', '2', false);
    expect(done).toEqual(['+38', '+21']);
  });

  it('types text with Shift where a key needs it, and with spare keys for the rest', () => {
    const { keyboard, done } = aKeyboard();
    keyboard.text('aA@é\r\n');
    const shift = ['+50', '-50'];
    expect(done).toEqual([
      '+38',
      '-38',
      shift[0],
      '+38',
      '-38',
      shift[1],
      shift[0],
      '+11',
      '-11',
      shift[1],
      '200=é',
      '+200',
      '-200',
      '+36',
      '-36',
    ]);
  });

  it('binds no key again that a program may still have to look up, and keeps the order', async () => {
    const { keyboard, done, clock } = aKeyboard();
    keyboard.text('äöüßéa');
    keyboard.key('KeyQ', 'q', true);
    expect(done.filter((entry) => entry.includes('='))).toEqual(['200=ä', '201=ö', '202=ü', '203=ß']);
    expect(done.at(-1)).toBe('-203');
    await clock.advance(199);
    expect(done.at(-1)).toBe('-203');
    await clock.advance(1);
    expect(done.slice(-6)).toEqual(['200=é', '+200', '-200', '+38', '-38', '+24']);
  });

  it('leaves nothing down and nothing to type after everything was released', async () => {
    const code = fc.constantFrom('KeyA', 'KeyQ', 'Digit2', 'ShiftLeft', 'AltRight', 'Semicolon', '');
    const step = fc.record({
      code,
      key: fc.constantFrom('a', 'é', '@', '漢', 'Shift', 'AltGraph', 'Enter'),
      down: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.string({ maxLength: 20 }), async (steps, text) => {
        const { keyboard, done, clock } = aKeyboard();
        for (const { code, key, down } of steps) keyboard.key(code, key, down);
        keyboard.text(text);
        keyboard.releaseAll();
        const down = new Set<string>();
        for (const entry of done) {
          if (entry.startsWith('+')) down.add(entry.slice(1));
          if (entry.startsWith('-')) down.delete(entry.slice(1));
        }
        expect([...down]).toEqual([]);
        const before = done.length;
        await clock.advance(10_000);
        expect(done.length).toBe(before);
      }),
    );
  });

  it('keeps its spare keys over a change of layout', () => {
    const { keyboard } = aKeyboard();
    keyboard.remapped(aKeymap());
    expect([200, 203, 38].map((keycode) => keyboard.owns(keycode))).toEqual([true, true, false]);
  });
});

describe('a keymap', () => {
  it('yields symbols by level, with the case of letters made up where the table has but one', () => {
    const keymap = aKeymap();
    expect(keymap.symbol(38, { ...plain, shift: true })).toBe(0x41);
    expect(keymap.symbol(38, capsOn)).toBe(0x41);
    expect(keymap.symbol(38, { ...capsOn, shift: true })).toBe(0x61);
    expect(keymap.symbol(11, capsOn)).toBe(0x32);
    expect(keymap.symbol(11, { ...plain, shift: true })).toBe(0x40);
  });

  it('finds keys by what they yield with the modifiers that are held', () => {
    expect(aKeymap().find(0x40, { ...plain, shift: true })).toBe(11);
    expect(aKeymap().find(0x40, plain)).toBeUndefined();
  });
});

describe('names of keys', () => {
  it('are those of Linux, eight higher', () => {
    const some = ['Escape', 'KeyA', 'Space', 'F12', 'ArrowUp', 'NumpadEnter', 'MetaLeft', 'F24', 'Nonsense'];
    expect(some.map(keycodeOf)).toEqual([9, 38, 65, 96, 111, 104, 133, 202, undefined]);
  });

  it('have keysyms for every character but control codes', () => {
    expect(['a', 'é', '€', '漢', '😀', '\n', '\t'].map(keysymOfCharacter)).toEqual([
      0x61, 0xe9, 0x0100_20ac, 0x0100_6f22, 0x0101_f600, 0xff0d, 0xff09,
    ]);
    expect(['\u0001', '\u0085', ''].map(keysymOfCharacter)).toEqual([undefined, undefined, undefined]);
  });
});
