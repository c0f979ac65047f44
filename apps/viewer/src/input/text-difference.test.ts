import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { textDifference } from './text-difference.ts';

it('appends what was added', () => {
  expect(textDifference('he', 'hello')).toEqual({ backspaces: 0, text: 'llo' });
});

it('takes back what was corrected', () => {
  expect(textDifference('teh', 'the')).toEqual({ backspaces: 2, text: 'he' });
});

it('counts characters as Backspace does', () => {
  expect(textDifference('a😀', 'a')).toEqual({ backspaces: 1, text: '' });
});

it('always leads from one text to the other', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      const { backspaces, text } = textDifference(before, after);
      const characters = Array.from(before);
      expect(characters.slice(0, characters.length - backspaces).join('') + text).toBe(after);
    }),
  );
});
