/** How to turn `before` into `after` at the cursor: so many presses of Backspace, then this text. */
export interface TextDifference {
  readonly backspaces: number;
  readonly text: string;
}

/**
 * Mobile keyboards rewrite the word that is being typed. Counted in code points, as Backspace removes them.
 */
export function textDifference(before: string, after: string): TextDifference {
  const old = Array.from(before);
  const fresh = Array.from(after);
  let same = 0;
  while (same < old.length && same < fresh.length && old[same] === fresh[same]) same += 1;
  return { backspaces: old.length - same, text: fresh.slice(same).join('') };
}
