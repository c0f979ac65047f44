/** A button as `MouseEvent.button` numbers it, and whether it went down. */
export interface ButtonChange {
  readonly button: number;
  readonly isDown: boolean;
}

/** `MouseEvent.buttons` counts in another order than `MouseEvent.button`: left, right, middle, back, forward. */
const buttonOfBit = [0, 2, 1, 3, 4] as const;

/**
 * Which buttons went down or up between two values of `MouseEvent.buttons`. A second button pressed while a first is held
 * comes as a `pointermove`, so presses are read from the mask and not from the kind of event.
 */
export function buttonChanges(before: number, after: number): readonly ButtonChange[] {
  const changes: ButtonChange[] = [];
  for (const [bit, button] of buttonOfBit.entries()) {
    const mask = 1 << bit;
    if ((before & mask) !== (after & mask)) changes.push({ button, isDown: (after & mask) !== 0 });
  }
  return changes;
}
