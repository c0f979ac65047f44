import { describe, expect, it } from 'vitest';
import { parseLabelSelector } from './label-selector.ts';

const labels = { app: 'web', tier: 'front', count: '5', empty: '' };

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web , tier=front', true],
    ['app=web,tier=back', false],
    ['app!=web', false],
    ['none!=web', true],
    ['app in (web, api)', true],
    ['app in (api)', false],
    ['none in (web)', false],
    ['app notin (api,db)', true],
    ['app notin (web)', false],
    ['none notin (web)', true],
    ['app', true],
    ['none', false],
    ['!none', true],
    ['!app', false],
    ['count>4', true],
    ['count>5', false],
    ['count<6', true],
    ['app>1', false],
    ['empty=', true],
    ['empty in ()', true],
    ['app=', false],
    ['example.com/role=x', false],
    ['app in (web),tier notin (back),!none', true],
  ])('"%s" is %s of app=web', (selector, expected) => {
    expect(parseLabelSelector(selector)(labels)).toBe(expected);
  });

  it('of an object without labels matches what asks for nothing', () => {
    expect(parseLabelSelector('!a')(undefined)).toBe(true);
    expect(parseLabelSelector('a')(undefined)).toBe(false);
  });

  it.each(['a b', 'a in web', 'a in (web', 'a=b,', '=a', 'a=b c', 'a>x', '!a=b', 'a=b=c', 'a/b/c', 'a=-'])(
    'refuses "%s"',
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow('unable to parse the label selector');
    },
  );
});
