import { expect, it } from 'vitest';
import { countdown } from './countdown.ts';

it.each([
  [1, '1 s'],
  [59_000, '59 s'],
  [59_001, '1:00'],
  [245_000, '4:05'],
  [3_600_000, '1:00:00'],
  [37_230_000, '10:20:30'],
  [0, undefined],
  [-5, undefined],
  [Number.NaN, undefined],
])('writes %d ms as %s', (milliseconds, text) => {
  expect(countdown(milliseconds, 0)).toBe(text);
});
