import type { VDISession } from '@vdi/api';
import { expect, it } from 'vitest';
import { momentsOf } from '../desktop/follow-pictures.ts';
import { stagesOf } from './stages.ts';

const start = Date.parse('2030-01-01T00:00:00.000Z');
const launch = {
  signInAskedAt: start - 1_000,
  clickedAt: start,
  askedAt: start + 15,
  openedAt: start + 120,
  navigatedAt: start + 900,
  parsedAt: start + 950,
  firstFrameAt: start + 1_100,
  firstLitFrameAt: start + 1_100,
};

function sessionWith(reached: Readonly<Record<string, number>>): VDISession {
  const timeline = Object.entries(reached).map(([stage, ms]) => ({ stage, at: new Date(start + ms).toISOString() }));
  return {
    apiVersion: 'vdi.kasm.io/v1alpha1',
    kind: 'VDISession',
    metadata: { name: 'one' },
    spec: { user: 'a', template: 't' },
    status: { timeline },
  } as VDISession;
}

it('divides a start into stages that add up to the whole', () => {
  const session = sessionWith({
    Accepted: 40,
    HomeReady: 40,
    Scheduled: 60,
    ImagePulled: 500,
    DisplayReady: 450,
    DesktopReady: 800,
    Ready: 810,
    FirstFrame: 1_000,
  });
  const stages = stagesOf(launch, session);
  expect(stages).toEqual({
    asked: 15,
    Accepted: 25,
    HomeReady: 0,
    Scheduled: 20,
    ImagePulled: 50,
    DisplayReady: 390,
    DesktopReady: 300,
    Ready: 10,
    pageOpened: 90,
    pageParsed: 50,
    firstFrame: 150,
  });
  expect(Object.values(stages).reduce((sum, ms) => sum + ms)).toBe(1_100);
});

it('gives a stage that nobody told of no time, and one after the picture none either', () => {
  const stages = stagesOf(launch, sessionWith({ Accepted: 40, Ready: 5_000 }));
  expect(stages['Scheduled']).toBe(0);
  expect(Object.values(stages).reduce((sum, ms) => sum + ms)).toBe(1_100);
});

it('reads the moments of a launch out of what the pages told, in whatever order', () => {
  const notes = [
    { what: 'document', at: 10 },
    { what: 'clicked', at: 20 },
    { what: 'clicked', at: 100 },
    { what: 'asked', at: 110 },
    { what: 'document', at: 200 },
    { what: 'document', at: 700 },
    { what: 'viewer', at: 750 },
    { what: 'frame', at: 900 },
    { what: 'lit', at: 950 },
  ] as const;
  expect(momentsOf(notes)).toEqual({
    clickedAt: 100,
    askedAt: 110,
    openedAt: 200,
    navigatedAt: 700,
    parsedAt: 750,
    firstFrameAt: 900,
    firstLitFrameAt: 950,
  });
});

it('says what is missing when no picture came', () => {
  expect(() => momentsOf([{ what: 'clicked', at: 1 }])).toThrow('The pages told of no "frame".');
});
