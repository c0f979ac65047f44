import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

const labels = { team: 'blue', stage: 'test', 'vdi.kasm.io/template': 'ubuntu-desktop', empty: '' };

describe('a label selector', () => {
  it.each([
    '',
    '  ',
    'team',
    'team=blue',
    'team == blue',
    'team!=red',
    'missing!=red',
    '!missing',
    'empty=',
    'stage in (test,demo)',
    'stage in ( test , demo ), team=blue',
    'stage notin (live)',
    'missing notin (live)',
    'vdi.kasm.io/template=ubuntu-desktop',
  ])('matches: %j', (selector) => {
    expect(parseLabelSelector(selector)(labels)).toBe(true);
  });

  it.each([
    'missing',
    '!team',
    'team=red',
    'team!=blue',
    'missing=blue',
    'missing in (blue)',
    'stage notin (test)',
    'team=blue,stage=live',
    // Names of what every object inherits are no labels.
    'constructor',
    'toString in (x)',
  ])('does not match: %j', (selector) => {
    expect(parseLabelSelector(selector)(labels)).toBe(false);
  });

  it.each(['=blue', 'a=b=c', 'team in blue', 'team in (blue', 'team,,stage', ',', 'a b', '-a', 'x'.repeat(1025)])(
    'cannot be read: %j',
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow(/cannot be read: .* Write it as for kubectl/);
    },
  );
});
