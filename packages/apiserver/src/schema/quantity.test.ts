import { describe, expect, it } from 'vitest';

import { canonicalQuantity, compareQuantities, parseQuantity } from './quantity.ts';

describe('quantities', () => {
  const canonical = [
    ['1000m', '1'],
    ['0.5', '500m'],
    ['1.5Gi', '1536Mi'],
    ['1024Mi', '1Gi'],
    ['1023Mi', '1023Mi'],
    ['512', '512'],
    ['0.5Ki', '512'],
    ['1e3', '1e3'],
    ['1E3', '1e3'],
    ['1000', '1k'],
    ['128974848', '128974848'],
    ['0', '0'],
    ['-5m', '-5m'],
    ['.5', '500m'],
    ['1.', '1'],
    ['0.1n', '1n'],
    ['2E', '2E'],
  ] as const;
  it.each(canonical)('%s is %s', (text, expected) => {
    expect(canonicalQuantity(text)).toBe(expected);
  });

  it.each(['', '1GB', 'one', '1 Gi', '1e', '--1', '1.2.3', 'Gi'])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it('compare across units', () => {
    expect(compareQuantities('1Gi', '1G')).toBeGreaterThan(0);
    expect(compareQuantities('1000m', 1)).toBe(0);
    expect(compareQuantities('100m', '1')).toBeLessThan(0);
    expect(compareQuantities('x', '1')).toBeUndefined();
  });
});
