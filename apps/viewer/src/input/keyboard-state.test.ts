import { describe, expect, it } from 'vitest';
import type { KeyPress } from './key-press.ts';
import {
  composed,
  heldCodes,
  idleKeyboard,
  keyDown,
  type KeyboardMessage,
  type KeyboardSettings,
  type KeyboardState,
  type KeyboardStep,
  keyUp,
  releaseHidden,
  tellOption,
} from './keyboard-state.ts';

const pc: KeyboardSettings = { isMac: false, commandKey: 'control' };
const mac: KeyboardSettings = { isMac: true, commandKey: 'control' };

const aPress = (code: string, key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  code,
  key,
  isRepeat: false,
  isComposing: false,
  shift: false,
  control: false,
  alt: false,
  meta: false,
  altGraph: false,
  at: 0,
  ...more,
});

type Event = readonly ['down' | 'up', KeyPress];

interface Typed {
  readonly state: KeyboardState;
  /** `+KeyA` and `-KeyA` for keys, the text itself for text. */
  readonly told: readonly string[];
  readonly last: KeyboardStep | undefined;
}

function type(settings: KeyboardSettings, ...events: readonly Event[]): Typed {
  let state = idleKeyboard;
  let last: KeyboardStep | undefined;
  const told: string[] = [];
  for (const [kind, press] of events) {
    last = (kind === 'down' ? keyDown : keyUp)(state, press, settings);
    state = last.state;
    told.push(...last.messages.map(written));
  }
  return { state, told, last };
}

function written(message: KeyboardMessage): string {
  return message.type === 'text' ? `"${message.text}"` : `${message.down ? '+' : '-'}${message.code}`;
}

describe('keys', () => {
  it('go down and up as physical keys, with what the layout makes of them', () => {
    const { last, told, state } = type(pc, ['down', aPress('KeyQ', 'a')], ['up', aPress('KeyQ', 'a')]);
    expect(told).toEqual(['+KeyQ', '-KeyQ']);
    expect(last?.messages).toEqual([{ type: 'key', code: 'KeyQ', key: 'a', down: false }]);
    expect(last?.isForBrowser).toBe(false);
    expect(state.held.size).toBe(0);
  });

  it('are repeated by the desktop, not by the browser', () => {
    expect(type(pc, ['down', aPress('KeyA', 'a')], ['down', aPress('KeyA', 'a', { isRepeat: true })]).told).toEqual([
      '+KeyA',
    ]);
  });

  it('are released only if they were pressed', () => {
    expect(type(pc, ['up', aPress('KeyA', 'a')]).told).toEqual([]);
  });

  it('keep their own codes in the heartbeat', () => {
    const { state } = type(pc, ['down', aPress('ShiftLeft', 'Shift')], ['down', aPress('KeyA', 'A', { shift: true })]);
    expect(heldCodes(state)).toEqual(['ShiftLeft', 'KeyA']);
  });

  it('of mobile keyboards without codes are known by name, or written as text', () => {
    expect(type(pc, ['down', aPress('', 'Enter')], ['up', aPress('', 'Enter')]).told).toEqual(['+Enter', '-Enter']);
    expect(type(pc, ['down', aPress('', 'ß')]).told).toEqual(['"ß"']);
    expect(type(pc, ['down', aPress('', 'Unidentified')]).last).toMatchObject({ messages: [], isForBrowser: true });
  });

  it('are the input method’s while it composes', () => {
    const { told, last } = type(pc, ['down', aPress('KeyN', 'n', { isComposing: true })]);
    expect(told).toEqual([]);
    expect(last?.isForBrowser).toBe(true);
  });

  it('that Windows only tells of when released are pressed, too', () => {
    expect(type(pc, ['up', aPress('PrintScreen', 'PrintScreen')]).told).toEqual(['+PrintScreen', '-PrintScreen']);
  });
});

describe('stuck modifiers', () => {
  it('come up when an event says that they are not down', () => {
    const { told } = type(
      pc,
      ['down', aPress('ShiftLeft', 'Shift', { shift: true })],
      ['down', aPress('ShiftRight', 'Shift', { shift: true })],
      ['up', aPress('ShiftRight', 'Shift')],
    );
    expect(told).toEqual(['+ShiftLeft', '+ShiftRight', '-ShiftRight', '-ShiftLeft']);
  });

  it('come up before the next key goes down', () => {
    const { told } = type(
      pc,
      ['down', aPress('ControlLeft', 'Control', { control: true })],
      ['down', aPress('KeyW', 'w')],
    );
    expect(told).toEqual(['+ControlLeft', '-ControlLeft', '+KeyW']);
  });

  it('come up with the pointer', () => {
    const { state } = type(pc, ['down', aPress('AltLeft', 'Alt', { alt: true })]);
    const flags = { shift: false, control: false, alt: false, meta: false, altGraph: false };
    expect(releaseHidden(state, flags, pc).messages.map(written)).toEqual(['-AltLeft']);
    expect(releaseHidden(state, { ...flags, alt: true }, pc).messages).toEqual([]);
  });

  it('do not include Super where Firefox does not count it as Meta', () => {
    expect(type(pc, ['down', aPress('MetaLeft', 'Meta')], ['down', aPress('KeyL', 'l')]).told).toEqual([
      '+MetaLeft',
      '+KeyL',
    ]);
  });
});

describe('AltGr', () => {
  it('loses the Control that Windows adds to it', () => {
    const { told } = type(
      pc,
      ['down', aPress('ControlLeft', 'Control', { control: true, at: 100 })],
      ['down', aPress('AltRight', 'AltGraph', { control: true, alt: true, altGraph: true, at: 100.5 })],
      ['down', aPress('KeyQ', '@', { control: true, alt: true, altGraph: true, at: 200 })],
      ['up', aPress('KeyQ', '@', { control: true, alt: true, altGraph: true, at: 250 })],
      ['up', aPress('ControlLeft', 'Control', { alt: true, altGraph: true, at: 300 })],
      ['up', aPress('AltRight', 'AltGraph', { at: 300 })],
    );
    expect(told).toEqual(['+ControlLeft', '-ControlLeft', '+AltRight', '+KeyQ', '-KeyQ', '-AltRight']);
  });

  it('keeps a Control that was held before', () => {
    const { told } = type(
      pc,
      ['down', aPress('ControlLeft', 'Control', { control: true, at: 100 })],
      ['down', aPress('AltRight', 'AltGraph', { control: true, altGraph: true, at: 400 })],
    );
    expect(told).toEqual(['+ControlLeft', '+AltRight']);
  });
});

describe('dead keys', () => {
  it('become the character that they yield, whatever the desktop’s layout', () => {
    const { told, last } = type(
      pc,
      ['down', aPress('Equal', 'Dead')],
      ['up', aPress('Equal', 'Dead')],
      ['down', aPress('ShiftLeft', 'Shift', { shift: true })],
      ['down', aPress('KeyE', 'É', { shift: true })],
    );
    expect(told).toEqual(['+ShiftLeft', '"É"']);
    expect(last?.isForBrowser).toBe(false);
  });

  it('are left to the browser, which composes', () => {
    expect(type(pc, ['down', aPress('Equal', 'Dead')]).last?.isForBrowser).toBe(true);
  });

  it('are spent once an input method has written their character', () => {
    const { state } = type(pc, ['down', aPress('Equal', 'Dead')]);
    expect(keyDown(composed(state), aPress('KeyE', 'e'), pc).messages.map(written)).toEqual(['+KeyE']);
  });

  it('do not swallow a shortcut', () => {
    const { told } = type(pc, ['down', aPress('Equal', 'Dead')], ['down', aPress('KeyC', 'c', { control: true })]);
    expect(told).toEqual(['+KeyC']);
  });
});

describe('on a Mac', () => {
  it('Command is Control, and its keys are released at once, for macOS does not tell', () => {
    const { told, state } = type(
      mac,
      ['down', aPress('MetaLeft', 'Meta', { meta: true })],
      ['down', aPress('KeyC', 'c', { meta: true })],
      ['up', aPress('MetaLeft', 'Meta')],
    );
    expect(told).toEqual(['+ControlLeft', '+KeyC', '-KeyC', '-ControlLeft']);
    expect(state.held.size).toBe(0);
  });

  it('Command may be Super instead', () => {
    const { told } = type({ ...mac, commandKey: 'super' }, ['down', aPress('MetaLeft', 'Meta', { meta: true })]);
    expect(told).toEqual(['+MetaLeft']);
  });

  it('Command and Control are one key that comes up with the last of them', () => {
    const { told } = type(
      mac,
      ['down', aPress('ControlLeft', 'Control', { control: true })],
      ['down', aPress('MetaLeft', 'Meta', { control: true, meta: true })],
      ['up', aPress('ControlLeft', 'Control', { meta: true })],
      ['up', aPress('MetaLeft', 'Meta')],
    );
    expect(told).toEqual(['+ControlLeft', '-ControlLeft']);
  });

  it('Option writes symbols', () => {
    const { told } = type(
      mac,
      ['down', aPress('AltLeft', 'Alt', { alt: true })],
      ['down', aPress('KeyL', '@', { alt: true })],
      ['up', aPress('KeyL', '@', { alt: true })],
      ['up', aPress('AltLeft', 'Alt')],
    );
    expect(told).toEqual(['"@"']);
  });

  it('Option is Alt with keys that write nothing, and with the pointer', () => {
    const arrow = type(
      mac,
      ['down', aPress('AltLeft', 'Alt', { alt: true })],
      ['down', aPress('ArrowLeft', 'ArrowLeft', { alt: true })],
      ['up', aPress('ArrowLeft', 'ArrowLeft', { alt: true })],
      ['up', aPress('AltLeft', 'Alt')],
    );
    expect(arrow.told).toEqual(['+AltLeft', '+ArrowLeft', '-ArrowLeft', '-AltLeft']);
    const { state } = type(mac, ['down', aPress('AltLeft', 'Alt', { alt: true })]);
    expect(tellOption(state).messages.map(written)).toEqual(['+AltLeft']);
  });

  it('Caps Lock is one press each time it changes', () => {
    const { told } = type(mac, ['down', aPress('CapsLock', 'CapsLock')], ['up', aPress('CapsLock', 'CapsLock')]);
    expect(told).toEqual(['+CapsLock', '-CapsLock', '+CapsLock', '-CapsLock']);
  });
});
