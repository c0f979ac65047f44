import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatQuantity, parseQuantity } from './quantity.ts';

const bytes = fc.nat({ max: Number.MAX_SAFE_INTEGER });

describe('a quantity', () => {
  it.each([
    ['4Gi', 4 * 2 ** 30],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['10G', 1e10],
    ['.5', 0.5],
    ['2.', 2],
    ['+2', 2],
    ['100m', 0.1],
    ['250u', 0.00025],
    ['1n', 1e-9],
    ['1e3', 1000],
    ['1E-3', 0.001],
    ['1E', 1e18],
    ['7Ei', 7 * 2 ** 60],
    ['0', 0],
    ['0Ki', 0],
    [2, 2],
    [0.5, 0.5],
  ])('%s is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each([
    '',
    ' ',
    '-1',
    '1 Gi',
    '4gi',
    '4GiB',
    '1e',
    '1e999',
    'Gi',
    '1.2.3',
    '0x10',
    '١',
    '1\n',
    '9'.repeat(33),
    -1,
    NaN,
    Infinity,
  ])('refuses %j and says what to write', (text) => {
    expect(() => parseQuantity(text)).toThrow(
      expect.objectContaining({ code: 'InvalidQuantity', whatToDo: expect.stringContaining('4Gi') }),
    );
  });

  it('survives formatting as bytes', () => {
    fc.assert(fc.property(bytes, (amount) => parseQuantity(formatQuantity(amount, 'bytes')) === amount));
  });

  it('survives formatting as cores, to the microcore', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 1e9 }),
        (microcores) => parseQuantity(formatQuantity(microcores / 1e6, 'cores')) === microcores / 1e6,
      ),
    );
  });

  it('with a binary unit is that many times the power of two', () => {
    const units = fc.constantFrom(['Ki', 10], ['Mi', 20], ['Gi', 30], ['Ti', 40]) as fc.Arbitrary<
      readonly [string, number]
    >;
    fc.assert(
      fc.property(
        fc.nat({ max: 8000 }),
        units,
        (count, [unit, power]) => parseQuantity(`${count}${unit}`) === count * 2 ** power,
      ),
    );
  });

  it('in millis is what the decimal fraction says', () => {
    fc.assert(fc.property(fc.nat(), (millis) => parseQuantity(`${millis}m`) === millis / 1000));
  });

  it('either has a number of 0 or more, or is refused with a coded error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('0123456789.+-eEKMGTPimnuk ')) }), (text) => {
        try {
          return parseQuantity(text) >= 0;
        } catch (error) {
          return (error as { code?: string }).code === 'InvalidQuantity';
        }
      }),
    );
  });

  it.each([
    [4 * 2 ** 30, 'bytes', '4Gi'],
    [1.5 * 2 ** 30, 'bytes', '1536Mi'],
    [1000, 'bytes', '1000'],
    [0, 'bytes', '0'],
    [1.5, 'bytes', '2'],
    [2, 'cores', '2'],
    [0.5, 'cores', '500m'],
    [0.1 + 0.2, 'cores', '300m'],
    [1 / 3, 'cores', '333333334n'],
  ] as const)('%d %s is written %s', (amount, unit, text) => {
    expect(formatQuantity(amount, unit)).toBe(text);
  });
});
