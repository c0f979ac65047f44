import { describe, expect, it } from 'vitest';
import { type ConnectionEnd, nextStep } from './reconnect-policy.ts';

const seen = { random: 0.999, isHidden: false };
const anEnd = (end: Partial<ConnectionEnd> = {}): ConnectionEnd => ({ reason: 'network', streamedMs: 0, ...end });

describe('nextStep', () => {
  it('comes back within half a second of the first failure', () => {
    expect(nextStep(anEnd(), 0, seen)).toEqual({ kind: 'retry', failures: 1, delayMs: 500 });
  });

  it('doubles the ceiling with each failure, up to fifteen seconds', () => {
    const delays = [0, 1, 2, 3, 4, 5, 50].map((failures) => {
      const step = nextStep(anEnd(), failures, { ...seen, random: 0.5 });
      return step.kind === 'retry' ? step.delayMs : undefined;
    });
    expect(delays).toEqual([250, 500, 1_000, 2_000, 4_000, 7_500, 7_500]);
  });

  it('spreads viewers over the whole interval', () => {
    expect(nextStep(anEnd(), 4, { ...seen, random: 0 })).toMatchObject({ delayMs: 0 });
  });

  it('waits up to a minute while nobody looks', () => {
    expect(nextStep(anEnd(), 50, { random: 0.5, isHidden: true })).toMatchObject({ delayMs: 30_000 });
  });

  it('counts afresh after a connection that held', () => {
    expect(nextStep(anEnd({ streamedMs: 10_000 }), 7, seen)).toMatchObject({ failures: 1 });
    expect(nextStep(anEnd({ streamedMs: 9_999 }), 7, seen)).toMatchObject({ failures: 8 });
  });

  it('gives up when the agent says that trying again cannot help', () => {
    expect(nextStep(anEnd({ reason: 'replaced', retry: false }), 0, seen)).toEqual({ kind: 'give-up' });
  });

  it('comes back when the agent says that it can help', () => {
    expect(nextStep(anEnd({ reason: 'ticket-expired', retry: true }), 0, seen)).toMatchObject({ kind: 'retry' });
  });

  it.each(['session-ending', 'signed-out', 'access-denied', 'session-gone', 'unsupported-browser', 'left'] as const)(
    'gives up when the reason is %s',
    (reason) => {
      expect(nextStep(anEnd({ reason, retry: true }), 0, seen)).toEqual({ kind: 'give-up' });
    },
  );
});
