import { timelineStages, type VDISession } from '@vdi/api';
import type { Launch } from '../desktop/launch-desktop.ts';

/** How long each stage of one start took, in milliseconds, in the order in which they came; their sum is the whole. */
export type Stages = Readonly<Record<string, number>>;

/**
 * Divides the time between the press of Launch and the first frame. Stages of `status.timeline` can be reached side by
 * side, so that each is counted from the latest moment before it, and none is negative; the last stage, `firstFrame`, is what
 * is left after the viewer's page was parsed.
 */
export function stagesOf(launch: Launch, session: VDISession): Stages {
  const reached = new Map(session.status?.timeline?.map(({ stage, at }) => [stage, Date.parse(at)]));
  const ends: readonly (readonly [stage: string, at: number | undefined])[] = [
    ['asked', launch.askedAt],
    ...timelineStages.filter((stage) => stage !== 'FirstFrame').map((stage) => [stage, reached.get(stage)] as const),
    ['pageOpened', launch.navigatedAt],
    ['pageParsed', launch.parsedAt],
    ['firstFrame', launch.firstFrameAt],
  ];
  let previous = launch.clickedAt;
  return Object.fromEntries(
    ends.map(([stage, at = previous]) => {
      const end = Math.min(Math.max(at, previous), launch.firstFrameAt);
      const tookMs = end - previous;
      previous = end;
      return [stage, tookMs];
    }),
  );
}
