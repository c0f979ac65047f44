import { type TimelineStage, timelineStages, type VDISessionStatus } from '@vdi/api';

type Timeline = NonNullable<VDISessionStatus['timeline']>;

/** When stages that hold now were reached, as well as we know; what is not known to the millisecond is `now`. */
export type ReachedStages = ReadonlyMap<TimelineStage, Date>;

/** The stages of the latest start, each at the moment it was first reached. A new start forgets the one before. */
export function nextTimeline(
  stored: Timeline | undefined,
  reached: ReachedStages,
  { isNewStart }: { readonly isNewStart: boolean },
): Timeline {
  const kept = isNewStart ? [] : (stored ?? []);
  return timelineStages.flatMap((stage) => {
    const before = kept.find((one) => one.stage === stage);
    if (before !== undefined) return [before];
    const at = reached.get(stage);
    return at === undefined ? [] : [{ stage, at: at.toISOString() }];
  });
}

/** A moment that another clock told of, held between two of ours: the stage cannot have been reached outside of them. */
export function clamped(told: string | undefined, earliest: Date, now: Date): Date {
  const moment = Date.parse(told ?? '');
  if (Number.isNaN(moment)) return now;
  return new Date(Math.min(Math.max(moment, earliest.getTime()), now.getTime()));
}
