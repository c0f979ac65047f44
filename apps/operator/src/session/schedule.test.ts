import { describe, expect, it } from 'vitest';
import { scheduleState } from './schedule.ts';

const zurich = { timeZone: 'Europe/Zurich', active: ['Mon-Fri 08:00-18:00'] };

describe('a schedule', () => {
  it.each([
    // 2026-01-02 is a Friday; Zurich is one hour ahead of UTC in winter, two in summer.
    ['2026-01-02T06:59:59Z', zurich, false],
    ['2026-01-02T07:00:00Z', zurich, true],
    ['2026-01-02T16:59:59Z', zurich, true],
    ['2026-01-02T17:00:00Z', zurich, false],
    ['2026-07-03T06:00:00Z', zurich, true],
    ['2026-01-03T10:00:00Z', zurich, false],
    ['2026-01-03T01:00:00Z', { active: ['Fri 22:00-02:00'] }, true],
    ['2026-01-03T02:00:00Z', { active: ['Fri 22:00-02:00'] }, false],
    ['2026-01-04T00:30:00Z', { active: ['Sat 22:00-02:00'] }, true],
    ['2026-01-04T23:59:00Z', { active: ['Sun 00:00-24:00'] }, true],
  ])('at %s with %j is active: %s', (now, schedule, isActive) => {
    expect(scheduleState(schedule, new Date(now)).isActive).toBe(isActive);
  });

  it('is looked at again at the next edge, and at the next half hour at the latest', () => {
    const lookAfter = (now: string): string => scheduleState(zurich, new Date(now)).nextLook.toISOString();
    expect(lookAfter('2026-01-02T06:59:40Z')).toBe('2026-01-02T07:00:00.000Z');
    expect(lookAfter('2026-01-02T07:00:00Z')).toBe('2026-01-02T07:30:00.000Z');
    expect(lookAfter('2026-01-02T11:47:12.500Z')).toBe('2026-01-02T12:00:00.000Z');
  });

  it('never sleeps over a change of clocks', () => {
    // Clocks in Zurich go forward at 01:00 UTC on 2026-03-29, a Sunday.
    const early = { timeZone: 'Europe/Zurich', active: ['Sun 03:00-04:00'] };
    let now = new Date('2026-03-29T00:10:00Z');
    const activeAt: string[] = [];
    while (now.getTime() < Date.parse('2026-03-29T04:00:00Z')) {
      const state = scheduleState(early, now);
      if (state.isActive) activeAt.push(now.toISOString());
      now = state.nextLook;
    }
    expect(activeAt).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-29T01:30:00.000Z']);
  });
});
