import type { ViewerControl } from '@vdi/protocol';
import { isCharacter, type KeyPress } from './key-press.ts';

/**
 * What the desktop is told about the keyboard. Keys go as physical codes and the desktop's layout makes characters of
 * them; what this machine has composed itself (dead keys, input methods, symbols under Option) goes as text.
 *
 * Keys must never stay down on the desktop by mistake. Browsers hide key-ups: macOS those of keys released under Command,
 * Windows that of the first of two Shifts. So each event's own modifier flags are compared with what is held.
 */
export interface KeyboardState {
  /** The code of the key pressed here → the key that the desktop was told. */
  readonly held: ReadonlyMap<string, SentKey>;
  /** A dead key was pressed; the character that it yields comes with a later press. */
  readonly isAfterDeadKey: boolean;
  /** macOS: the left Option key is down and the desktop not told, because it may only be there to write a symbol. */
  readonly waitingOption: boolean;
  readonly controlLeftAt: number;
}

interface SentKey {
  readonly code: string;
  readonly key: string;
}

export const idleKeyboard: KeyboardState = {
  held: new Map(),
  isAfterDeadKey: false,
  waitingOption: false,
  controlLeftAt: Number.NEGATIVE_INFINITY,
};

/** What the Command keys of a Mac are on the desktop: Control, so that Cmd+C copies, or the Super key. */
export type CommandKey = 'control' | 'super';

export interface KeyboardSettings {
  readonly isMac: boolean;
  readonly commandKey: CommandKey;
}

export type KeyboardMessage = Extract<ViewerControl, { type: 'key' | 'text' }>;

export interface KeyboardStep {
  readonly state: KeyboardState;
  readonly messages: readonly KeyboardMessage[];
  /** The browser has work to do with this event: composing, or writing into the focused field. */
  readonly isForBrowser: boolean;
}

/** Windows makes a Control press of its own just before AltGr. */
const altGrControlWithinMs = 25;

const modifierCodes: ReadonlySet<string> = new Set([
  'ShiftLeft',
  'ShiftRight',
  'ControlLeft',
  'ControlRight',
  'AltLeft',
  'AltRight',
  'MetaLeft',
  'MetaRight',
]);

export function keyDown(before: KeyboardState, press: KeyPress, settings: KeyboardSettings): KeyboardStep {
  if (press.isComposing || isUnknown(press)) return { state: before, messages: [], isForBrowser: true };
  const reconciled = releaseHidden(before, press, settings);
  const { state } = reconciled;
  const step = pressed(state, press, settings);
  return { ...step, messages: [...reconciled.messages, ...step.messages] };
}

function pressed(state: KeyboardState, press: KeyPress, settings: KeyboardSettings): KeyboardStep {
  const code = codeOf(press);
  if (press.key === 'Dead') return { state: { ...state, isAfterDeadKey: true }, messages: [], isForBrowser: true };
  if (state.isAfterDeadKey && !modifierCodes.has(code)) {
    const after = { ...state, isAfterDeadKey: false };
    if (isCharacter(press.key) && !press.control && !press.meta) return written(after, press.key);
    return pressed(after, press, settings);
  }
  if (press.code === '' && isCharacter(press.key)) return written(state, press.key);
  if (settings.isMac) return pressedOnMac(state, press, settings);
  if (state.held.has(code)) return handled(state);
  if (press.key === 'AltGraph' && press.at - state.controlLeftAt <= altGrControlWithinMs) {
    const released = release(state, 'ControlLeft');
    const step = hold(released.state, press, code);
    return { ...step, messages: [...released.messages, ...step.messages] };
  }
  return hold(code === 'ControlLeft' ? { ...state, controlLeftAt: press.at } : state, press, code);
}

function pressedOnMac(state: KeyboardState, press: KeyPress, settings: KeyboardSettings): KeyboardStep {
  const code = codeOf(press);
  // Caps Lock goes down when it is switched on and up when it is switched off: each is one press of a real key.
  if (code === 'CapsLock') return tap(state, press, code);
  if (code === 'AltLeft') return handled({ ...state, waitingOption: !state.held.has('AltLeft') });
  if (modifierCodes.has(code)) {
    return state.held.has(code) ? handled(state) : hold(state, press, commandCode(code, settings));
  }
  if (state.waitingOption) {
    if (isCharacter(press.key) && !press.control && !press.meta) return written(state, press.key);
    const flushed = tellOption(state);
    const step = pressedOnMac(flushed.state, press, settings);
    return { ...step, messages: [...flushed.messages, ...step.messages] };
  }
  // macOS does not tell when a key is released under Command.
  if (press.meta) return tap(state, press, code);
  return state.held.has(code) ? handled(state) : hold(state, press, code);
}

export function keyUp(before: KeyboardState, press: KeyPress, settings: KeyboardSettings): KeyboardStep {
  const code = codeOf(press);
  if (settings.isMac && code === 'CapsLock') return tap(before, press, code);
  if (settings.isMac && code === 'AltLeft' && before.waitingOption) return handled({ ...before, waitingOption: false });
  // Windows tells of Print Screen only that it was released.
  if (code === 'PrintScreen' && !before.held.has(code)) return tap(before, press, code);
  const released = release(before, code);
  const reconciled = releaseHidden(released.state, press, settings);
  return {
    state: reconciled.state,
    messages: [...released.messages, ...reconciled.messages],
    isForBrowser: press.isComposing && released.messages.length === 0,
  };
}

/** The pointer was used: if Option waits, it was meant as a modifier. */
export function tellOption(state: KeyboardState): KeyboardStep {
  if (!state.waitingOption) return handled(state);
  const held = new Map(state.held).set('AltLeft', { code: 'AltLeft', key: 'Alt' });
  return {
    state: { ...state, held, waitingOption: false },
    messages: [{ type: 'key', code: 'AltLeft', key: 'Alt', down: true }],
    isForBrowser: false,
  };
}

/** An input method has written something, so the dead key before it is spent. */
export function composed(state: KeyboardState): KeyboardState {
  return state.isAfterDeadKey ? { ...state, isAfterDeadKey: false } : state;
}

/** The codes that the desktop should have down: the heartbeat's content. */
export function heldCodes(state: KeyboardState): readonly string[] {
  return [...new Set(Array.from(state.held.values(), ({ code }) => code))].slice(0, 32);
}

type ModifierFlags = Pick<KeyPress, 'shift' | 'control' | 'alt' | 'meta' | 'altGraph'>;

/** Releases modifiers that an event (of keyboard or pointer) says are not down. */
export function releaseHidden(
  state: KeyboardState,
  flags: ModifierFlags & { readonly code?: string },
  { isMac }: Pick<KeyboardSettings, 'isMac'>,
): KeyboardStep {
  const stale: string[] = [];
  if (!flags.shift) stale.push('ShiftLeft', 'ShiftRight');
  if (!flags.control) stale.push('ControlLeft', 'ControlRight');
  if (!flags.alt && !flags.altGraph) stale.push('AltLeft', 'AltRight');
  // Not elsewhere: Firefox on Linux does not count the Super key as Meta.
  if (!flags.meta && isMac) stale.push('MetaLeft', 'MetaRight');
  let current = state;
  const messages: KeyboardMessage[] = [];
  for (const code of stale) {
    if (code === flags.code || !current.held.has(code)) continue;
    const step = release(current, code);
    current = step.state;
    messages.push(...step.messages);
  }
  return { state: current, messages, isForBrowser: false };
}

function hold(state: KeyboardState, press: KeyPress, sentCode: string): KeyboardStep {
  const sent = { code: sentCode, key: keyName(press, sentCode) };
  const held = new Map(state.held).set(codeOf(press), sent);
  return {
    state: { ...state, held },
    messages: isDown(state, sentCode) ? [] : [{ type: 'key', ...sent, down: true }],
    isForBrowser: false,
  };
}

function release(state: KeyboardState, code: string): KeyboardStep {
  const sent = state.held.get(code);
  if (!sent) return handled(state);
  const held = new Map(state.held);
  held.delete(code);
  const after = { ...state, held };
  // Two keys here may be one there, as Command and Control are.
  const messages: readonly KeyboardMessage[] = isDown(after, sent.code) ? [] : [{ type: 'key', ...sent, down: false }];
  return { state: after, messages, isForBrowser: false };
}

function isDown(state: KeyboardState, sentCode: string): boolean {
  return Array.from(state.held.values()).some(({ code }) => code === sentCode);
}

function tap(state: KeyboardState, press: KeyPress, code: string): KeyboardStep {
  const key = keyName(press, code);
  return {
    state,
    messages: [
      { type: 'key', code, key, down: true },
      { type: 'key', code, key, down: false },
    ],
    isForBrowser: false,
  };
}

function written(state: KeyboardState, text: string): KeyboardStep {
  return { state, messages: [{ type: 'text', text }], isForBrowser: false };
}

function handled(state: KeyboardState): KeyboardStep {
  return { state, messages: [], isForBrowser: false };
}

/** Mobile keyboards name the key only; the named keys are called like their codes. */
function codeOf(press: KeyPress): string {
  return press.code === '' ? press.key : press.code;
}

function isUnknown(press: KeyPress): boolean {
  return press.code === '' && (press.key === 'Unidentified' || press.key === '');
}

function commandCode(code: string, { commandKey }: KeyboardSettings): string {
  if (commandKey !== 'control') return code;
  return code === 'MetaLeft' ? 'ControlLeft' : code === 'MetaRight' ? 'ControlRight' : code;
}

function keyName(press: KeyPress, sentCode: string): string {
  return press.key === 'Meta' && sentCode.startsWith('Control') ? 'Control' : press.key.slice(0, 32);
}
