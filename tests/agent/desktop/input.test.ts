import { createLogger } from '@vdi/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Desktop } from '../../../apps/agent/src/display/desktop.ts';
import { startDesktop } from '../../../apps/agent/src/display/start-desktop.ts';
import { openXConnection } from '../../../apps/agent/src/display/x-connection.ts';
import { eventually } from '@vdi/testing/desktops';
import { openTypewriter, type XClient } from '../x-clients.ts';
import { type KeyLog, openKeyLog } from './key-log.ts';

const log = createLogger({ name: 'test', level: 'silent' });

/** Every printing key of a US keyboard: code, what it types, what it types with Shift. */
type UsKey = readonly [code: string, plain: string, shifted: string];
const letters = Array.from('abcdefghijklmnopqrstuvwxyz');
const usKeys: readonly UsKey[] = [
  ...letters.map((letter): UsKey => [`Key${letter.toUpperCase()}`, letter, letter.toUpperCase()]),
  ...Array.from('1234567890', (digit, index): UsKey => [`Digit${digit}`, digit, '!@#$%^&*()'[index] ?? '']),
  ['Backquote', '`', '~'],
  ['Minus', '-', '_'],
  ['Equal', '=', '+'],
  ['BracketLeft', '[', '{'],
  ['BracketRight', ']', '}'],
  ['Backslash', '\\', '|'],
  ['Semicolon', ';', ':'],
  ['Quote', "'", '"'],
  ['Comma', ',', '<'],
  ['Period', '.', '>'],
  ['Slash', '/', '?'],
  ['Space', ' ', ' '],
];

describe('input', () => {
  let desktop: Desktop;
  let stack: AsyncDisposableStack;

  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    desktop = stack.use(await startDesktop({ screen: { width: 800, height: 600 }, log }));
  });
  afterEach(() => stack.disposeAsync());

  const press = (code: string, key: string): void => {
    desktop.input.key(code, key, true);
    desktop.input.key(code, key, false);
  };

  describe('typed into a program', () => {
    let terminal: XClient;

    beforeEach(async () => {
      terminal = stack.use(await openTypewriter(desktop.display));
      desktop.input.motion(100, 100);
      await eventually(
        () => Promise.resolve(desktop.windows),
        (windows) => windows === 1,
        { what: 'The terminal window' },
      );
      // It takes keys once its shell runs: the first one that arrives shows that.
      await eventually(
        async () => {
          press('KeyX', 'x');
          return await terminal.output();
        },
        (text) => text !== '',
        { what: 'A terminal that takes keys' },
      );
      press('Enter', 'Enter');
    });

    /** What arrived after the line that showed readiness. */
    const typed = (expected: string): Promise<string> =>
      eventually(
        async () => (await terminal.output()).replace(/^x+\n/, ''),
        (text) => text.length >= expected.length,
        { what: `"${expected}"` },
      );

    it('arrives as typed, for every key of a US keyboard', async () => {
      const plain = usKeys.map(([, character]) => character).join('');
      const shifted = usKeys.map(([, , character]) => character).join('');
      for (const [code, character] of usKeys) press(code, character);
      desktop.input.key('ShiftLeft', 'Shift', true);
      for (const [code, , character] of usKeys) press(code, character);
      desktop.input.key('ShiftLeft', 'Shift', false);
      expect(await typed(plain + shifted)).toBe(plain + shifted);
    });

    it('arrives as typed from other layouts: German, French, Russian, Greek', async () => {
      press('KeyY', 'z');
      press('KeyZ', 'y');
      press('BracketLeft', 'ü');
      press('Minus', 'ß');
      press('Digit2', 'é');
      press('KeyA', 'q');
      press('KeyA', 'ф');
      press('KeyS', 'σ');
      desktop.input.key('ShiftRight', 'Shift', true);
      press('Digit7', '/');
      press('BracketLeft', 'Ü');
      press('KeyA', 'Ф');
      desktop.input.key('ShiftRight', 'Shift', false);
      expect(await typed('zyüßéqфσ/ÜФ')).toBe('zyüßéqфσ/ÜФ');
    });

    it('arrives without the modifiers by which AltGr reaches it, as Windows and as others report it', async () => {
      desktop.input.key('ControlLeft', 'Control', true);
      desktop.input.key('AltRight', 'AltGraph', true);
      press('KeyE', '€');
      press('KeyQ', '@');
      desktop.input.key('ControlLeft', 'Control', false);
      desktop.input.key('AltRight', 'AltGraph', false);
      press('KeyE', 'e');
      expect(await typed('€@e')).toBe('€@e');
    });

    it('arrives from keyboards that have no physical keys', async () => {
      for (const character of 'aA漢é') press('', character);
      press('', 'Backspace');
      press('Unidentified', 'Enter');
      expect(await typed('aA漢é\x7f\n')).toBe('aA漢é\x7f\n');
    });

    it('arrives as text, whatever the script and however much', async () => {
      const text = 'Straße, 漢字, नमस्ते, 😀 & €5\n';
      const many = Array.from({ length: 400 }, (_, index) => String.fromCodePoint(0x4e00 + index * 7)).join('');
      desktop.input.text(text + many);
      press('KeyZ', 'z');
      expect(await typed(`${text}${many}z`)).toBe(`${text}${many}z`);
    });
  });

  describe('seen by the X server', () => {
    let keys: KeyLog;

    beforeEach(async () => {
      keys = await openKeyLog(stack.use(await openXConnection(desktop.display, log)));
      desktop.input.motion(50, 50);
      await keys.until((events) => events.some(({ name }) => name === 'MotionNotify'), 'Motion');
    });

    const keyW = 25;
    const controlLeft = 37;

    it('holds keys until they are released, and shortcuts are physical', async () => {
      desktop.input.key('ControlLeft', 'Control', true);
      desktop.input.key('KeyW', 'w', true);
      await keys.until((events) => events.some(({ keycode }) => keycode === keyW), 'W');
      await expect(keys.keysDown()).resolves.toEqual([keyW, controlLeft]);
      desktop.input.key('KeyW', 'w', false);
      desktop.input.key('ControlLeft', 'Control', false);
      await expect(eventually(keys.keysDown, (down) => down.length === 0)).resolves.toEqual([]);
    });

    it('releases keys of which nothing is heard for two seconds, and keeps those that are still held', async () => {
      desktop.input.key('KeyW', 'w', true);
      desktop.input.key('ControlLeft', 'Control', true);
      const pressedAt = performance.now();
      const heartbeat = setInterval(() => desktop.input.held(['ControlLeft', 'KeyW']), 500);
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await expect(keys.keysDown()).resolves.toEqual([keyW, controlLeft]);
      desktop.input.held(['ControlLeft']);
      await expect(eventually(keys.keysDown, (down) => down.length === 1)).resolves.toEqual([controlLeft]);
      clearInterval(heartbeat);
      await eventually(keys.keysDown, (down) => down.length === 0, { what: 'Release' });
      expect(performance.now() - pressedAt).toBeGreaterThan(4000);
    });

    it('releases everything at once when asked', async () => {
      desktop.input.key('KeyW', 'w', true);
      desktop.input.button(0, true, 60, 60);
      await keys.until((events) => events.some(({ name }) => name === 'ButtonPress'), 'A button');
      desktop.input.releaseAll();
      await keys.until((events) => events.some(({ name }) => name === 'ButtonRelease'), 'Its release');
      await expect(eventually(keys.keysDown, (down) => down.length === 0)).resolves.toEqual([]);
    });

    it('presses buttons where they were pressed, turns the wheel in notches, and stays on the screen', async () => {
      for (const button of [0, 1, 2, 3, 4]) {
        desktop.input.button(button, true, 70, 80);
        desktop.input.button(button, false, 70, 80);
      }
      desktop.input.wheel(0, 60, 70, 80);
      desktop.input.wheel(0, 60, 70, 80);
      desktop.input.wheel(-200, 0, 70, 80);
      const pressed = () => keys.events.filter(({ name }) => name === 'ButtonPress');
      await keys.until(() => pressed().length === 8, 'Eight presses');
      expect(pressed().map(({ keycode }) => keycode)).toEqual([1, 2, 3, 8, 9, 5, 6, 6]);
      for (const event of pressed()) expect(event).toMatchObject({ x: 70, y: 80 });
    });

    it('knows when it was last used', () => {
      const before = desktop.lastInputAt?.getTime() ?? 0;
      desktop.input.held([]);
      expect(desktop.lastInputAt?.getTime()).toBe(before);
      desktop.input.motion(1, 1);
      expect(desktop.lastInputAt?.getTime()).toBeGreaterThanOrEqual(before);
    });
  });
});
