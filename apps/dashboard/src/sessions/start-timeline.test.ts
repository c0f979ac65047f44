import { describe, expect, it } from 'vitest';
import { aSession } from '../testing/a-session.ts';
import { startTimeline } from './start-timeline.ts';

const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1, 10) + ms).toISOString();
const time = (ms: number): number => Date.parse(at(ms));
const condition = (type: string, message: string) => ({ type, status: 'False', reason: 'Reason', message });

describe('the timeline of a start', () => {
  it('counts the current step up to now and leaves later ones to come', () => {
    const session = aSession({
      status: {
        phase: 'Creating',
        timeline: [
          { stage: 'Accepted', at: at(0) },
          { stage: 'HomeReady', at: at(40) },
        ],
      },
    });
    const { steps, totalMs, isReady } = startTimeline(session, time(240));
    expect(steps.map(({ state }) => state)).toEqual([
      'done',
      'done',
      'current',
      'waiting',
      'waiting',
      'waiting',
      'waiting',
    ]);
    expect(steps.slice(0, 4).map(({ tookMs }) => tookMs)).toEqual([0, 40, 200, undefined]);
    expect(totalMs).toBe(240);
    expect(isReady).toBe(false);
  });

  it('ends with the desktop, whatever the time is now', () => {
    const timeline = ['Accepted', 'HomeReady', 'Scheduled', 'ImagePulled', 'DisplayReady', 'DesktopReady', 'Ready'].map(
      (stage, index) => ({ stage, at: at(index * 100) }),
    );
    const start = startTimeline(aSession({ status: { timeline } }), time(3_600_000));
    expect(start.totalMs).toBe(600);
    expect(start.isReady).toBe(true);
    expect(start.steps.every(({ state, tookMs }) => state === 'done' && (tookMs ?? 1000) <= 100)).toBe(true);
  });

  it('gives no negative time to stages that were reached side by side', () => {
    const timeline = [
      { stage: 'Accepted', at: at(0) },
      { stage: 'HomeReady', at: at(500) },
      { stage: 'Scheduled', at: at(300) },
    ];
    const { steps } = startTimeline(aSession({ status: { phase: 'Creating', timeline } }), time(600));
    expect(steps.map(({ tookMs }) => tookMs)).toEqual([0, 500, 0, 100, undefined, undefined, undefined]);
  });

  it('says at the step that failed what the operator says', () => {
    const session = aSession({
      status: {
        phase: 'Failed',
        timeline: [{ stage: 'Accepted', at: at(0) }],
        conditions: [condition('HomeReady', 'The volume is gone; restore it')],
      },
    });
    const { steps, totalMs } = startTimeline(session, time(9_000));
    expect(steps[1]).toMatchObject({ state: 'failed', message: 'The volume is gone; restore it' });
    expect(totalMs).toBe(0);
  });

  it('tells of the image with the words of the display, which waits for it', () => {
    const timeline = ['Accepted', 'HomeReady', 'Scheduled'].map((stage) => ({ stage, at: at(0) }));
    const conditions = [condition('DisplayReady', 'Pulling, 40 %')];
    const { steps } = startTimeline(aSession({ status: { phase: 'Creating', timeline, conditions } }), time(1));
    expect(steps[3]).toMatchObject({ stage: 'ImagePulled', state: 'current', message: 'Pulling, 40 %' });
  });

  it('counts from the creation until the first stage is reached, and never backwards', () => {
    const session = aSession({ creationTimestamp: at(0), status: { phase: 'Pending' } });
    expect(startTimeline(session, time(1500)).totalMs).toBe(1500);
    expect(startTimeline(session, time(-1500)).totalMs).toBe(0);
  });
});
