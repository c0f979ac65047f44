import { annotations } from '@vdi/api';
import { hasEnded, type Pod } from '@vdi/kube';
import { isEnding } from '../objects/pod.ts';
import type { RetrySettings } from '../settings.ts';
import type { Conclusion } from './conclusion.ts';
import type { Incarnation } from './desired/pod.ts';

/** What to do about the Pod of a session that is to run. */
export type PodStep =
  | { readonly type: 'keep'; readonly pod: Pod }
  | { readonly type: 'create'; readonly incarnation: Incarnation }
  /** The Pod was lost, and the time for the next one has come. */
  | { readonly type: 'replace'; readonly lost: Pod; readonly next: Incarnation }
  /** Until that moment, or until the Pod that ends is gone. */
  | { readonly type: 'wait'; readonly until: Date | undefined; readonly why: Conclusion<'Ready'> };

export interface PodHistory {
  readonly pods: readonly Pod[];
  /** As stored in the status. */
  readonly podName: string | undefined;
  /** What this process remembers of a Pod that is gone by now. */
  readonly lostBefore: number;
}

/** Two Pods of one session never exist together: the next one comes when the last one is gone. */
export function podStep({ pods, podName, lostBefore }: PodHistory, retry: RetrySettings, now: Date): PodStep {
  const pod = newestPod(pods);
  if (pod === undefined) return { type: 'create', incarnation: { number: numberInName(podName) ?? 1, lostBefore } };
  if (isEnding(pod)) {
    const message = `Pod "${pod.metadata.name}" is being stopped; the next one comes when it is gone. The home is safe.`;
    return { type: 'wait', until: undefined, why: { reason: 'Restarting', message } };
  }
  return hasEnded(pod) ? stepAfterLoss(pod, retry, now) : { type: 'keep', pod };
}

/** The Pod with the highest number; others are left-overs. */
export function newestPod(pods: readonly Pod[]): Pod | undefined {
  return pods.reduce<Pod | undefined>(
    (newest, pod) => (newest === undefined || incarnationOf(pod) > incarnationOf(newest) ? pod : newest),
    undefined,
  );
}

function incarnationOf({ metadata }: Pod): number {
  return Number(metadata.annotations?.[annotations.incarnation] ?? numberInName(metadata.name) ?? 1);
}

function stepAfterLoss(lost: Pod, retry: RetrySettings, now: Date): PodStep {
  const before = Number(lost.metadata.annotations?.[annotations.lostBefore] ?? 0);
  const lostAt = momentOfLoss(lost);
  const isForgiven = lostAt - createdAt(lost) >= retry.forgivenAfterMs;
  const lostBefore = isForgiven ? 1 : before + 1;
  const pauseMs = Math.min(retry.firstPauseMs * 2 ** (lostBefore - 1), retry.longestPauseMs);
  const due = new Date(lostAt + pauseMs);
  if (due.getTime() <= now.getTime()) {
    return { type: 'replace', lost, next: { number: incarnationOf(lost) + 1, lostBefore } };
  }
  return { type: 'wait', until: due, why: lossConclusion(lost, lostBefore) };
}

/** What the person is told while the next Pod is on its way. */
export function lossConclusion({ metadata, status }: Pod, lostBefore: number): Conclusion<'Ready'> {
  const why =
    [status?.reason, status?.message].filter((part) => part !== undefined).join(': ') || 'its containers ended';
  const reason = lostBefore > 1 ? 'BackingOff' : 'Restarting';
  const next =
    lostBefore > 1 ? `The next attempt, number ${lostBefore + 1}, waits a little` : 'A new one is on its way';
  return { reason, message: `Pod "${metadata.name}" was lost (${why}). ${next}; the home is safe.` };
}

/** The last moment that the Pod tells of, so that every observer waits until the same one. */
function momentOfLoss(pod: Pod): number {
  const { conditions = [], containerStatuses = [] } = pod.status ?? {};
  const moments = [
    ...conditions.map(({ lastTransitionTime }) => lastTransitionTime),
    ...containerStatuses.map(({ state }) => state?.terminated?.finishedAt),
  ].map((moment) => Date.parse(moment ?? ''));
  return Math.max(createdAt(pod), ...moments.filter((moment) => !Number.isNaN(moment)));
}

function createdAt({ metadata }: Pod): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

function numberInName(name: string | undefined): number | undefined {
  const digits = /-(\d+)$/.exec(name ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
