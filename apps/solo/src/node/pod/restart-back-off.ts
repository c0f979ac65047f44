import type { ContainerView } from './container-view.ts';

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
const firstDelaySeconds = 10;
const longestDelaySeconds = 300;
const forgivenAfterSeconds = 600;

/**
 * When an ended container may start again, and how long its successor will wait. The first restart is immediate, then
 * 10 s doubling to 5 min; ten minutes without an end are forgiven. Everything needed is in the container itself, so that
 * it holds across our restarts.
 */
export function restartAfter(ended: ContainerView): { readonly at: Date; readonly nextBackOffSeconds: number } {
  const finishedAt = ended.finishedAt ?? new Date(0);
  const ranSeconds = (finishedAt.getTime() - (ended.startedAt ?? finishedAt).getTime()) / 1000;
  const delaySeconds = ranSeconds >= forgivenAfterSeconds ? 0 : ended.backOffSeconds;
  return {
    at: new Date(finishedAt.getTime() + delaySeconds * 1000),
    nextBackOffSeconds: delaySeconds === 0 ? firstDelaySeconds : Math.min(delaySeconds * 2, longestDelaySeconds),
  };
}
