import { expect, it } from 'vitest';
import { distributionOf, percentile, rounded } from './statistics.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => index + 1);

it.each([
  [0, 1],
  [0.5, 50],
  [0.9, 90],
  [0.99, 99],
  [1, 100],
])('finds the percentile of %s among a hundred', (share, expected) => {
  expect(percentile(oneToHundred, share)).toBe(expected);
});

it('takes the lower middle of an even number, and the slowest of few as their 99th', () => {
  expect(distributionOf([40, 10, 30, 20])).toEqual({ p50: 20, p90: 40, p99: 40, samples: 4 });
});

it('sorts as numbers and leaves what it was given as it is', () => {
  const given = [100, 9, 20];
  expect(distributionOf(given).p50).toBe(20);
  expect(given).toEqual([100, 9, 20]);
});

it('refuses to tell of nothing', () => {
  expect(() => distributionOf([])).toThrow(RangeError);
});

it('keeps two decimals', () => {
  expect(rounded(4.3456)).toBe(4.35);
});
