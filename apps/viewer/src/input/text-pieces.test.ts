import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { textPieces } from './text-pieces.ts';

it('makes no message of nothing and one of a short text', () => {
  expect(textPieces('')).toEqual([]);
  expect(textPieces('ls -l')).toEqual(['ls -l']);
});

it('ends lines as a keyboard does', () => {
  expect(textPieces('a\r\nb\rc\n')).toEqual(['a\nb\nc\n']);
});

it('never cuts inside a character, and loses none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4_090, max: 4_100 }), fc.constantFrom('😀', 'é', 'x'), (length, character) => {
      const text = 'a'.repeat(length) + character.repeat(4_200);
      const pieces = textPieces(text);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(4_096);
        expect(piece.isWellFormed()).toBe(true);
      }
    }),
  );
});
