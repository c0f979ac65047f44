import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCondition, isTrue, setCondition, type Condition, type ConditionUpdate } from './condition.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 2, 10, 0, second, 789));
const starting: ConditionUpdate = {
  type: 'Ready',
  status: 'False',
  reason: 'Starting',
  message: 'X server is starting',
  observedGeneration: 1,
};
const ready: ConditionUpdate = {
  type: 'Ready',
  status: 'True',
  reason: 'Ready',
  message: 'Open the URL',
  observedGeneration: 2,
};

describe('setting a condition', () => {
  it('adds it with the time of now, in whole seconds', () => {
    expect(setCondition(undefined, starting, at(1))).toEqual([
      { ...starting, lastTransitionTime: '2026-01-02T10:00:01Z' },
    ]);
  });

  it('keeps the time when only reason and message change', () => {
    const before = setCondition([], starting, at(1));
    const after = setCondition(before, { ...starting, reason: 'Restarting', message: 'again' }, at(5));
    expect(after).toEqual([
      { ...starting, reason: 'Restarting', message: 'again', lastTransitionTime: '2026-01-02T10:00:01Z' },
    ]);
  });

  it('moves the time when the status changes', () => {
    const after = setCondition(setCondition([], starting, at(1)), ready, at(5));
    expect(after).toEqual([{ ...ready, lastTransitionTime: '2026-01-02T10:00:05Z' }]);
  });

  it('leaves conditions of others and their order alone', () => {
    const foreign: Condition = {
      type: 'example.com/Backup',
      status: 'True',
      reason: 'Done',
      message: '',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    };
    const before = [foreign, ...setCondition([], starting, at(1))];
    expect(setCondition(before, ready, at(2)).map(({ type }) => type)).toEqual(['example.com/Backup', 'Ready']);
    expect(setCondition(before, ready, at(2))[0]).toBe(foreign);
  });

  it('again changes nothing, whenever that is', () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(59), (first, second) => {
        const once = setCondition([], ready, at(first));
        expect(setCondition(once, ready, at(second))).toEqual(once);
      }),
    );
  });
});

describe('reading conditions', () => {
  it('takes a condition for true only when it says so', () => {
    expect(isTrue(undefined, 'Ready')).toBe(false);
    expect(isTrue([], 'Ready')).toBe(false);
    expect(isTrue(setCondition([], starting, at(1)), 'Ready')).toBe(false);
    expect(isTrue(setCondition([], ready, at(1)), 'Ready')).toBe(true);
    expect(isTrue(setCondition([], { ...ready, status: 'Unknown' }, at(1)), 'Ready')).toBe(false);
  });

  it('finds the one asked for', () => {
    expect(findCondition(setCondition([], ready, at(1)), 'Accepted')).toBeUndefined();
    expect(findCondition(setCondition([], ready, at(1)), 'Ready')?.reason).toBe('Ready');
  });
});
