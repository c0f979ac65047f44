import { beforeEach, describe, expect, it } from 'vitest';
import { createSignInThrottle, type SignInThrottle } from './sign-in-throttle.ts';

let time: number;
let throttle: SignInThrottle;
beforeEach(() => {
  time = Date.UTC(2026, 0, 2);
  throttle = createSignInThrottle(() => new Date(time));
});

const fail = (count: number, user = 'alice'): void => {
  for (let failure = 0; failure < count; failure += 1) throttle.failed(user);
};
const pass = (seconds: number): void => void (time += seconds * 1_000);

describe('the throttle', () => {
  it('lets people mistype four times', () => {
    fail(4);
    expect(throttle.waitSeconds('alice')).toBe(0);
    fail(1);
    expect(throttle.waitSeconds('alice')).toBe(30);
  });

  it('makes them wait twice as long after each further failure, up to a quarter of an hour', () => {
    fail(4);
    const waits = Array.from({ length: 8 }, () => {
      fail(1);
      return throttle.waitSeconds('alice');
    });
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('counts a wait down, and rounds up', () => {
    fail(5);
    pass(29.5);
    expect(throttle.waitSeconds('alice')).toBe(1);
    pass(0.5);
    expect(throttle.waitSeconds('alice')).toBe(0);
  });

  it('forgets after a success, and an hour after the last failure', () => {
    fail(6);
    throttle.succeeded('alice');
    fail(4);
    expect(throttle.waitSeconds('alice')).toBe(0);
    pass(3_599);
    fail(1);
    expect(throttle.waitSeconds('alice')).toBe(30);
    pass(3_600);
    fail(4);
    expect(throttle.waitSeconds('alice')).toBe(0);
  });

  it('takes all spellings of a name for one, and other names for others', () => {
    for (const user of ['Alice', ' alice', 'ALICE ', 'alice', 'aLiCe']) throttle.failed(user);
    expect(throttle.waitSeconds('alice')).toBe(30);
    expect(throttle.waitSeconds('bob')).toBe(0);
  });

  it('remembers ten thousand names and no more, the latest of them', () => {
    fail(5, 'first');
    for (let name = 0; name < 9_999; name += 1) throttle.failed(`name ${name}`);
    expect(throttle.waitSeconds('first')).toBe(30);
    throttle.failed('one more');
    expect(throttle.waitSeconds('first')).toBe(0);
  });

  it('keeps no name of any length', () => {
    const long = 'x'.repeat(300);
    fail(5, long);
    expect(throttle.waitSeconds(`${long.slice(0, 254)}${'y'.repeat(46)}`)).toBe(30);
  });
});
