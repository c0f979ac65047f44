/** What the keyboard logic needs to know of a `KeyboardEvent`. */
export interface KeyPress {
  readonly code: string;
  readonly key: string;
  readonly isRepeat: boolean;
  readonly isComposing: boolean;
  readonly shift: boolean;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly altGraph: boolean;
  /** Milliseconds, `Event.timeStamp`. */
  readonly at: number;
}

export function keyPressOf(event: KeyboardEvent): KeyPress {
  return {
    code: event.code,
    key: event.key,
    isRepeat: event.repeat,
    isComposing: event.isComposing || event.key === 'Process',
    shift: event.shiftKey,
    control: event.ctrlKey,
    alt: event.altKey,
    meta: event.metaKey,
    altGraph: event.getModifierState('AltGraph'),
    at: event.timeStamp,
  };
}

/** Whether `key` is what the key writes, and not the name of a key: names begin with a capital and have several letters. */
export function isCharacter(key: string): boolean {
  return key !== '' && !/^[A-Z][A-Za-z0-9]+$/.test(key);
}
