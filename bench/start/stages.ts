import { timelineStages, type VDISession } from '@vdi/api';
import type { Launch } from '../desktop/launch-desktop.ts';

/** How long each stage of one start took, in milliseconds, in their usual order; their sum is the whole. */
export type Stages = Readonly<Record<string, number>>;

const reachedStages = timelineStages.filter((stage) => stage !== 'FirstFrame');

/**
 * Divides the time between the press of Launch and the first frame. Stages of `status.timeline` can be reached side by side
 * and in another order than the usual one, so that each is counted from the latest moment before it, and none is negative.
 * `pageOpened` lasts until the tab leaves for the viewer's page, `pageParsed` until its script runs, `firstFrame` is the rest.
 */
export function stagesOf(launch: Launch, session: VDISession): Stages {
  const reached = new Map(session.status?.timeline?.map(({ stage, at }) => [stage, Date.parse(at)]));
  const inOrder = reachedStages
    .map((stage) => ({ stage, at: reached.get(stage) ?? launch.askedAt }))
    .toSorted((one, other) => one.at - other.at);
  const ends = [
    { stage: 'asked', at: launch.askedAt },
    ...inOrder,
    { stage: 'pageOpened', at: launch.navigatedAt },
    { stage: 'pageParsed', at: launch.parsedAt },
    { stage: 'firstFrame', at: launch.firstFrameAt },
  ];
  let previous = launch.clickedAt;
  const took = new Map(
    ends.map(({ stage, at }) => {
      const end = Math.min(Math.max(at, previous), launch.firstFrameAt);
      const tookMs = end - previous;
      previous = end;
      return [stage, tookMs];
    }),
  );
  return Object.fromEntries(stageNames.map((stage) => [stage, took.get(stage) ?? 0]));
}

const stageNames = ['asked', ...reachedStages, 'pageOpened', 'pageParsed', 'firstFrame'];
