/**
 * X keycodes of physical keys by their name in UI Events (`KeyboardEvent.code`). X servers that use the evdev rules, which
 * is all of them today, number keys as Linux does plus eight (linux/input-event-codes.h).
 */
export function keycodeOf(code: string): number | undefined {
  const linuxCode = linuxCodes.get(code);
  return linuxCode === undefined ? undefined : linuxCode + xOffset;
}

const xOffset = 8;

const rows: readonly (readonly [firstLinuxCode: number, codes: string])[] = [
  [1, 'Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal Backspace'],
  [15, 'Tab KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Enter ControlLeft'],
  [30, 'KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote ShiftLeft Backslash'],
  [44, 'KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash ShiftRight NumpadMultiply AltLeft Space CapsLock'],
  [59, 'F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock'],
  [71, 'Numpad7 Numpad8 Numpad9 NumpadSubtract Numpad4 Numpad5 Numpad6 NumpadAdd Numpad1 Numpad2 Numpad3 Numpad0'],
  [83, 'NumpadDecimal'],
  [86, 'IntlBackslash F11 F12 IntlRo'],
  [92, 'Convert KanaMode NonConvert'],
  [96, 'NumpadEnter ControlRight NumpadDivide PrintScreen AltRight'],
  [102, 'Home ArrowUp PageUp ArrowLeft ArrowRight End ArrowDown PageDown Insert Delete'],
  [113, 'AudioVolumeMute AudioVolumeDown AudioVolumeUp Power NumpadEqual'],
  [119, 'Pause'],
  [121, 'NumpadComma Lang1 Lang2 IntlYen MetaLeft MetaRight ContextMenu'],
  [128, 'BrowserStop Again Props Undo Select Copy Open Paste Find Cut Help'],
  [140, 'LaunchApp2'],
  [142, 'Sleep WakeUp'],
  [155, 'LaunchMail BrowserFavorites'],
  [158, 'BrowserBack BrowserForward'],
  [161, 'Eject'],
  [163, 'MediaTrackNext MediaPlayPause MediaTrackPrevious MediaStop'],
  [172, 'BrowserHome BrowserRefresh'],
  [179, 'NumpadParenLeft NumpadParenRight'],
  [183, 'F13 F14 F15 F16 F17 F18 F19 F20 F21 F22 F23 F24'],
  [217, 'BrowserSearch'],
  [226, 'MediaSelect'],
];

const linuxCodes: ReadonlyMap<string, number> = new Map(
  rows.flatMap(([first, codes]) => codes.split(' ').map((code, index) => [code, first + index] as const)),
);
