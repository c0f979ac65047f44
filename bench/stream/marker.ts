const cells = 24;

/**
 * Numbers as black and white squares in the upper left corner of a screen, in Gray code: a frame that shows half of a
 * change shows no third number by chance.
 */
export const marker = {
  cells,
  /** Width and height of a square in pixels: large enough to stay black or white when compressed. */
  cell: 24,
  /** Larger numbers have no marker. */
  largest: 2 ** cells - 1,
  /** Which squares are white, from left to right. */
  litCells(value: number): readonly boolean[] {
    const gray = value ^ (value >> 1);
    return Array.from({ length: cells }, (_, bit) => ((gray >> bit) & 1) === 1);
  },
  /** The number that the squares show. */
  read(litCells: readonly boolean[]): number {
    let value = litCells.reduce((gray, isLit, bit) => gray | (Number(isLit) << bit), 0);
    for (const shift of [1, 2, 4, 8, 16]) value ^= value >> shift;
    return value;
  },
} as const;
