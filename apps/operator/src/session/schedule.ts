import { parseActiveWindow, type VDITemplateSpec } from '@vdi/api';

type Schedule = NonNullable<NonNullable<VDITemplateSpec['lifecycle']>['schedule']>;

const minutesPerDay = 1440;
const msPerMinute = 60_000;

/** Whether desktops may run at `now`, and when to look again. */
export interface ScheduleState {
  readonly isActive: boolean;
  readonly nextLook: Date;
}

/**
 * Windows are read on the wall clock of the schedule's time zone. The next look is at the next edge of a window, and at
 * the next half hour at the latest: clocks are changed at such moments, and an edge computed before one is wrong after it.
 */
export function scheduleState({ timeZone = 'UTC', active }: Schedule, now: Date): ScheduleState {
  const { weekday, minute } = wallClock(now, timeZone);
  const minuteOfWeek = weekday * minutesPerDay + minute;
  const spans = active.flatMap(spansOf);
  const untilEdge = Math.min(
    ...spans.flatMap(({ start, end }) => [start, end]).map((edge) => minutesUntil(edge, minuteOfWeek)),
    30 - (minute % 30),
  );
  const wholeMinute = Math.floor(now.getTime() / msPerMinute) * msPerMinute;
  return {
    isActive: spans.some(({ start, end }) => minutesSince(start, minuteOfWeek) < end - start),
    nextLook: new Date(wholeMinute + untilEdge * msPerMinute),
  };
}

/** Minutes after midnight of Sunday; `end` may lie in the next week. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function spansOf(window: string): readonly Span[] {
  const { weekdays, startMinute, endMinute } = parseActiveWindow(window);
  return weekdays.map((day) => ({
    start: day * minutesPerDay + startMinute,
    end: day * minutesPerDay + endMinute,
  }));
}

const minutesPerWeek = 7 * minutesPerDay;

function minutesSince(edge: number, minuteOfWeek: number): number {
  return (((minuteOfWeek - edge) % minutesPerWeek) + minutesPerWeek) % minutesPerWeek;
}

/** At least 1: the present minute has been looked at. */
function minutesUntil(edge: number, minuteOfWeek: number): number {
  return minutesPerWeek - minutesSince(edge, minuteOfWeek);
}

const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function wallClock(now: Date, timeZone: string): { readonly weekday: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return { weekday: weekdayNames.indexOf(part('weekday')), minute: Number(part('hour')) * 60 + Number(part('minute')) };
}
