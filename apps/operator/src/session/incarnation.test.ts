import type { Pod } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { testSettings } from '../testing/builders.ts';
import { podStep } from './incarnation.ts';

const { retry } = testSettings;
const created = '2026-01-02T10:00:00Z';
const at = (seconds: number): Date => new Date(Date.parse(created) + seconds * 1000);

function aPod(
  number: number,
  change: { readonly lostBefore?: number; readonly lostAfterSeconds?: number; readonly isEnding?: boolean } = {},
): Pod {
  const { lostBefore = 0, lostAfterSeconds, isEnding = false } = change;
  const lastTransitionTime = at(lostAfterSeconds ?? 0).toISOString();
  return {
    metadata: {
      name: `desk-${number}`,
      creationTimestamp: created,
      ...(isEnding && { deletionTimestamp: created }),
      annotations: { 'vdi.kasm.io/incarnation': String(number), 'vdi.kasm.io/lost-before': String(lostBefore) },
    },
    spec: { containers: [] },
    status:
      lostAfterSeconds === undefined
        ? { phase: 'Running' }
        : { phase: 'Failed', reason: 'Evicted', conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }] },
  };
}

const step = (pods: readonly Pod[], now: Date, podName?: string, lostBefore = 0) =>
  podStep({ pods, podName, lostBefore }, retry, now);

describe('the Pod of a session that is to run', () => {
  it('is the first where there was none', () => {
    expect(step([], at(0))).toEqual({ type: 'create', incarnation: { number: 1, lostBefore: 0 } });
  });

  it('is made under the name that was written before, whether or not it ever existed', () => {
    expect(step([], at(0), 'desk-4', 2)).toEqual({ type: 'create', incarnation: { number: 4, lostBefore: 2 } });
  });

  it('is kept while it lives', () => {
    expect(step([aPod(3)], at(0))).toMatchObject({ type: 'keep', pod: { metadata: { name: 'desk-3' } } });
  });

  it('is not followed by another before it is gone', () => {
    expect(step([aPod(3, { isEnding: true })], at(0))).toMatchObject({ type: 'wait', until: undefined });
  });

  it('is replaced a second after it was lost', () => {
    const lost = aPod(1, { lostAfterSeconds: 60 });
    expect(step([lost], at(60))).toMatchObject({ type: 'wait', until: at(61), why: { reason: 'Restarting' } });
    expect(step([lost], at(61))).toMatchObject({ type: 'replace', next: { number: 2, lostBefore: 1 } });
  });

  it.each([
    [1, 2],
    [2, 4],
    [5, 32],
    [20, 300],
  ])('waits longer the more were lost before: %i before, %i s', (lostBefore, pauseSeconds) => {
    const lost = aPod(lostBefore + 1, { lostBefore, lostAfterSeconds: 5 });
    expect(step([lost], at(5))).toMatchObject({
      type: 'wait',
      until: at(5 + pauseSeconds),
      why: { reason: 'BackingOff' },
    });
  });

  it('forgives those before it after a long life', () => {
    const lost = aPod(9, { lostBefore: 8, lostAfterSeconds: 601 });
    expect(step([lost], at(602))).toMatchObject({ type: 'replace', next: { number: 10, lostBefore: 1 } });
  });
});
