import { expect, it } from 'vitest';
import { parsePreferences } from './preferences.ts';

it('reads what it wrote', () => {
  expect(parsePreferences('{"resolution":"large","commandKey":"super"}')).toEqual({
    resolution: 'large',
    commandKey: 'super',
  });
});

it.each([null, 'not JSON', '[]', '"text"', '{"resolution":"huge","commandKey":1}'])('makes nothing of %s', (stored) => {
  expect(parsePreferences(stored)).toEqual({});
});
