/** A band of the screen: from row `top` up to but not including row `bottom`. */
export interface Rows {
  readonly top: number;
  readonly bottom: number;
}

/** The smallest band that holds both. */
export function unionRows(a: Rows | undefined, b: Rows | undefined): Rows | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return { top: Math.min(a.top, b.top), bottom: Math.max(a.bottom, b.bottom) };
}

/** `rows` as capture can take them: inside a screen of `height` rows, and even at both ends since two rows share their colour. `undefined` when nothing is left. */
export function evenRowsWithin(rows: Rows, height: number): Rows | undefined {
  const top = Math.max(0, rows.top - (rows.top & 1));
  const bottom = Math.min(height, rows.bottom + (rows.bottom & 1));
  return top < bottom ? { top, bottom } : undefined;
}
