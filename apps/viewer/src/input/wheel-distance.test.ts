import { expect, it } from 'vitest';
import { wheelDistance } from './wheel-distance.ts';

const turn = { deltaX: 0, deltaY: 0, deltaMode: 0, shift: false };

it('passes pixels on', () => {
  expect(wheelDistance({ ...turn, deltaX: -3, deltaY: 120 })).toEqual({ dx: -3, dy: 120 });
});

it('makes one notch of three lines, and a page of a page', () => {
  expect(wheelDistance({ ...turn, deltaY: 3, deltaMode: 1 }).dy).toBeGreaterThanOrEqual(100);
  expect(wheelDistance({ ...turn, deltaY: -1, deltaMode: 2 })).toEqual({ dx: 0, dy: -800 });
});

it('turns back what the browser turned sideways for Shift, and only that', () => {
  expect(wheelDistance({ ...turn, deltaX: 120, shift: true })).toEqual({ dx: 0, dy: 120 });
  expect(wheelDistance({ ...turn, deltaX: 7, deltaY: 2, shift: true })).toEqual({ dx: 7, dy: 2 });
  expect(wheelDistance({ ...turn, deltaX: 120 })).toEqual({ dx: 120, dy: 0 });
});

it('stays within the protocol', () => {
  expect(wheelDistance({ ...turn, deltaY: 900, deltaMode: 2, deltaX: Number.NaN })).toEqual({ dx: 0, dy: 10_000 });
});
