import { UserError } from './user-error.ts';

/** Hours of the week in which sessions may run: `Mon-Fri 08:00-18:00`. */

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const day = '(Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const time = '([01][0-9]|2[0-3]):[0-5][0-9]';

/** Days or ranges of days, then a range of hours; `24:00` ends a day, and an end before the start lies on the next day. */
export const activeWindowPattern = `^${day}(-${day})?(,${day}(-${day})?)* ${time}-(${time}|24:00)$`;

const grammar = new RegExp(activeWindowPattern);

export interface ActiveWindow {
  /** 0 is Sunday, as in `Date.getDay()`. */
  readonly weekdays: readonly number[];
  /** Minutes after midnight, in the schedule's time zone. */
  readonly startMinute: number;
  /** Minutes after midnight of the same day; above 1440 where the window ends on the next day. */
  readonly endMinute: number;
}

/** Throws a `UserError` with code `InvalidActiveWindow`. */
export function parseActiveWindow(window: string): ActiveWindow {
  if (!grammar.test(window)) {
    throw new UserError('InvalidActiveWindow', {
      what: `The active window ${JSON.stringify(window.slice(0, 128))} cannot be read`,
      why: 'it is not days followed by hours',
      whatToDo: 'Write something like Mon-Fri 08:00-18:00 or Sat,Sun 10:00-16:00',
    });
  }
  const [days = '', hours = ''] = window.split(' ');
  const [start = '', end = ''] = hours.split('-');
  const startMinute = minuteOf(start);
  const endMinute = minuteOf(end);
  return {
    weekdays: [...new Set(days.split(',').flatMap(expandDays))].sort((a, b) => a - b),
    startMinute,
    endMinute: endMinute > startMinute ? endMinute : endMinute + 1440,
  };
}

function expandDays(range: string): number[] {
  const [first = -1, last = first] = range
    .split('-')
    .map((name) => weekdays.indexOf(name as (typeof weekdays)[number]));
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, offset) => (first + offset) % 7);
}

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
