import { expect, it } from 'vitest';
import { formatElapsed, formatSpan } from './format-elapsed.ts';

it.each([
  [-5, '0 ms'],
  [38.4, '38 ms'],
  [1240, '1.24 s'],
  [12_340, '12.3 s'],
  [125_000, '2 min 5 s'],
  [3_725_000, '1 h 2 min'],
])('writes %d ms of waiting as %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

it.each([
  [20_000, '20 s'],
  [719_000, '11 min'],
  [7_200_000, '2 h'],
  [187_200_000, '2 d 4 h'],
])('writes an age of %d ms as %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
