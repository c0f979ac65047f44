import { expect, it } from 'vitest';
import { marker } from './marker.ts';

it.each([0, 1, 2, 3, 0x5555, 12_345_678, marker.largest])('shows %s as cells that read as the same', (value) => {
  expect(marker.litCells(value)).toHaveLength(marker.cells);
  expect(marker.read(marker.litCells(value))).toBe(value);
});

it('changes a single cell from a number to the next', () => {
  for (const value of [0, 1, 1023, 1024, 8_388_607]) {
    const [before, after] = [marker.litCells(value), marker.litCells(value + 1)];
    expect(before.filter((isLit, bit) => isLit !== after[bit])).toHaveLength(1);
  }
});
