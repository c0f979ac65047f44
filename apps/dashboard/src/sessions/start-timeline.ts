import { passingReasons } from './session-state.ts';
import type { Session } from './session.ts';

/** What a start goes through, in order. `FirstFrame` comes after: it needs somebody who looks. */
const stages = [
  ['Accepted', 'Request checked'],
  ['HomeReady', 'Home ready'],
  ['Scheduled', 'Machine chosen'],
  ['ImagePulled', 'Image present'],
  ['DisplayReady', 'Display ready'],
  ['DesktopReady', 'Desktop ready'],
  ['Ready', 'Ready to use'],
] as const;

export type StepState = 'done' | 'current' | 'waiting' | 'failed';

/** One stage of a start. */
interface TimelineStep {
  readonly stage: string;
  readonly label: string;
  readonly state: StepState;
  /** Milliseconds that the stage took, or has taken so far; undefined before it began. */
  readonly tookMs: number | undefined;
  /** What the operator says about it. */
  readonly message: string | undefined;
}

/** A start as people read it. */
export interface StartTimeline {
  readonly steps: readonly TimelineStep[];
  /** Milliseconds from the request until now, or until the desktop was ready. */
  readonly totalMs: number;
  readonly isReady: boolean;
}

/**
 * Follows the start of a session. Stages can be reached side by side, so that each is measured from the latest one before
 * it; the clock of the operator and `now`, that of the browser, may differ by some seconds, and no span is negative.
 */
export function startTimeline(session: Session, now: number): StartTimeline {
  const reached = reachedAt(session);
  const isReady = reached.has('Ready');
  const isStopped = session.status.phase === 'Failed';
  const begin = Math.min(...reached.values(), ...(reached.size === 0 ? [Date.parse(session.creationTimestamp)] : []));
  let previous = begin;
  let isCurrentFound = false;
  const steps = stages.map(([stage, label]): TimelineStep => {
    const at = reached.get(stage);
    const message = messageOf(session, stage);
    if (at !== undefined || isReady) {
      const tookMs = at === undefined ? 0 : Math.max(0, at - previous);
      previous = Math.max(previous, at ?? previous);
      return { stage, label, state: 'done', tookMs, message };
    }
    if (isCurrentFound) return { stage, label, state: 'waiting', tookMs: undefined, message: undefined };
    isCurrentFound = true;
    if (isStopped) return { stage, label, state: 'failed', tookMs: undefined, message };
    return { stage, label, state: 'current', tookMs: Math.max(0, now - previous), message };
  });
  const end = reached.get('Ready') ?? (isStopped ? previous : now);
  return { steps, totalMs: Math.max(0, end - begin), isReady };
}

function reachedAt(session: Session): ReadonlyMap<string, number> {
  const known = new Set<string>(stages.map(([stage]) => stage));
  return new Map(
    session.status.timeline.filter(({ stage }) => known.has(stage)).map(({ stage, at }) => [stage, Date.parse(at)]),
  );
}

/**
 * What the condition of the stage says while it does not hold, else what the timeline noted. What every start goes through is
 * not worth a word, but for the fetching of an image, which takes its time.
 */
function messageOf(session: Session, stage: string): string | undefined {
  // Images have no condition of their own: the display tells of them.
  const type = stage === 'ImagePulled' ? 'DisplayReady' : stage;
  const condition = session.status.conditions.find((candidate) => candidate.type === type);
  const noted = session.status.timeline.find((entry) => entry.stage === stage)?.message;
  const isPassing =
    condition !== undefined && passingReasons.has(condition.reason) && condition.reason !== 'ImagePulling';
  const text = condition !== undefined && condition.status === 'False' && !isPassing ? condition.message : noted;
  return text === '' || text === null ? undefined : text;
}
