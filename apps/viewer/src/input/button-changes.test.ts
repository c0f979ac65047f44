import { expect, it } from 'vitest';
import { buttonChanges } from './button-changes.ts';

it('says nothing when nothing changed', () => {
  expect(buttonChanges(5, 5)).toEqual([]);
});

it.each([
  [1, 0],
  [2, 2],
  [4, 1],
  [8, 3],
  [16, 4],
])('reads mask %d as button %d', (mask, button) => {
  expect(buttonChanges(0, mask)).toEqual([{ button, isDown: true }]);
  expect(buttonChanges(mask, 0)).toEqual([{ button, isDown: false }]);
});

it('sees a second button while the first is held, and both changing at once', () => {
  expect(buttonChanges(1, 3)).toEqual([{ button: 2, isDown: true }]);
  expect(buttonChanges(1, 2)).toEqual([
    { button: 0, isDown: false },
    { button: 2, isDown: true },
  ]);
});
