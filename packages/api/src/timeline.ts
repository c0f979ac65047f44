/** The stages of a start, in the order in which they are normally reached. */
export const timelineStages = [
  'Accepted',
  'HomeReady',
  'Scheduled',
  'ImagePulled',
  'DisplayReady',
  'DesktopReady',
  'Ready',
  'FirstFrame',
] as const;

export type TimelineStage = (typeof timelineStages)[number];
