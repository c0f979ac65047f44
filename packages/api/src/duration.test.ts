import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['8h', 28_800_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['1h30m10s500ms', 5_410_500],
    ['0s', 0],
    ['5m5m', 600_000],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(['', '8', 'h', '8 h', '-8h', '1d', '1.5h', '8H', '8h ', '8h\n', '123456h', '1h1h1h1h1h'])(
    'refuses %j and says what to write',
    (text) => {
      expect(() => parseDuration(text)).toThrow(
        expect.objectContaining({ code: 'InvalidDuration', whatToDo: expect.stringContaining('1h30m') }),
      );
    },
  );

  it('survives formatting', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 99_999 * 3_600_000 }),
        (milliseconds) => parseDuration(formatDuration(milliseconds)) === milliseconds,
      ),
    );
  });

  it('is the sum of its parts', () => {
    const part = fc.record({ count: fc.nat({ max: 99_999 }), unit: fc.constantFrom('h', 'm', 's', 'ms') });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const texts = parts.map(({ count, unit }) => `${count}${unit}`);
        const sum = texts.map(parseDuration).reduce((total, milliseconds) => total + milliseconds, 0);
        expect(parseDuration(texts.join(''))).toBe(sum);
      }),
    );
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 100_000 * 3_600_000])(
    'of %d ms is never written',
    (milliseconds) => {
      expect(() => formatDuration(milliseconds)).toThrow(RangeError);
    },
  );
});
