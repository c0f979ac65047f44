import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSeal } from './seal.ts';

const key = randomBytes(32);
const seal = createSeal(key, 'test');

describe('a seal', () => {
  it.each(['', 'text', 'ünï', 'x'.repeat(3_000)])('gives back what it closed', (text) => {
    expect(seal.open(seal.close(text))).toBe(text);
    expect(createSeal(key, 'test').open(seal.close(text))).toBe(text);
  });

  it('closes the same text differently each time', () => {
    expect(seal.close('text')).not.toBe(seal.close('text'));
  });

  it('does not open what was changed, in whatever place', () => {
    const sealed = Buffer.from(seal.close('text'), 'base64url');
    for (let place = 0; place < sealed.length; place += 1) {
      const changed = Buffer.from(sealed);
      changed[place]! ^= 1;
      expect(seal.open(changed.toString('base64url'))).toBeUndefined();
    }
  });

  it('does not open what was cut', () => {
    const sealed = seal.close('text');
    for (let length = 0; length < sealed.length; length += 1)
      expect(seal.open(sealed.slice(0, length))).toBeUndefined();
  });

  it.each([
    ['another key', createSeal(randomBytes(32), 'test')],
    ['another purpose', createSeal(key, 'another')],
  ])('does not open what %s closed', (_what, other) => {
    expect(seal.open(other.close('text'))).toBeUndefined();
  });

  it.each(['', '=', 'not base64url!', 'A', 'x'.repeat(100_000)])('does not open what is none', (text) => {
    expect(seal.open(text)).toBeUndefined();
  });

  it('takes no key of another length', () => {
    expect(() => createSeal(randomBytes(16), 'test')).toThrow('32 bytes');
  });
});
