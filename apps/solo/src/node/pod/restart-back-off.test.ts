import { describe, expect, it } from 'vitest';
import { anEnd } from './pod-builders.ts';
import { restartAfter } from './restart-back-off.ts';

/** Waits in seconds of a container that always ends after `ranSeconds`. */
function waits(ranSeconds: number, count: number): readonly number[] {
  let backOffSeconds = 0;
  return Array.from({ length: count }, () => {
    const ended = anEnd(ranSeconds, 1, { backOffSeconds });
    const { at, nextBackOffSeconds } = restartAfter(ended);
    backOffSeconds = nextBackOffSeconds;
    return (at.getTime() - (ended.finishedAt?.getTime() ?? 0)) / 1000;
  });
}

describe('the wait before a restart', () => {
  it('is nothing at first, then doubles from ten seconds to five minutes', () => {
    expect(waits(1, 8)).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
  });

  it('begins anew for a container that ran for ten minutes', () => {
    expect(waits(600, 3)).toEqual([0, 0, 0]);
    expect(restartAfter(anEnd(601, 1, { backOffSeconds: 300 })).nextBackOffSeconds).toBe(10);
  });
});
