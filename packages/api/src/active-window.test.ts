import { describe, expect, it } from 'vitest';
import { parseActiveWindow } from './active-window.ts';

describe('an active window', () => {
  it.each([
    ['Mon-Fri 08:00-18:00', [1, 2, 3, 4, 5], 480, 1080],
    ['Sat,Sun 10:00-16:30', [0, 6], 600, 990],
    ['Fri-Mon 00:00-24:00', [0, 1, 5, 6], 0, 1440],
    ['Mon,Mon-Tue 22:00-06:00', [1, 2], 1320, 1800],
    ['Sun 12:00-12:00', [0], 720, 2160],
  ])('%s', (text, weekdays, startMinute, endMinute) => {
    expect(parseActiveWindow(text)).toEqual({ weekdays, startMinute, endMinute });
  });

  it.each([
    '',
    'Mon',
    '08:00-18:00',
    'mon 08:00-18:00',
    'Mon 8:00-18:00',
    'Mon 08:00-24:01',
    'Mon 24:00-08:00',
    'Mon 08:60-09:00',
    'Mon-Fri-Sat 08:00-18:00',
    'Mon 08:00-18:00\n',
  ])('refuses %j and says what to write', (text) => {
    expect(() => parseActiveWindow(text)).toThrow(
      expect.objectContaining({
        code: 'InvalidActiveWindow',
        whatToDo: expect.stringContaining('Mon-Fri 08:00-18:00'),
      }),
    );
  });
});
