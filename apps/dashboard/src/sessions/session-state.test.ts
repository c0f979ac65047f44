import { describe, expect, it } from 'vitest';
import { aSession } from '../testing/a-session.ts';
import { obstacleOf, sessionState } from './session-state.ts';

describe('the state of a session', () => {
  it.each([
    ['running', aSession()],
    ['starting', aSession({ status: { phase: 'Pending' } })],
    ['starting', aSession({ status: { phase: 'Creating' } })],
    ['failed', aSession({ status: { phase: 'Failed' } })],
    ['ending', aSession({ isDeleting: true })],
    ['ending', aSession({ status: { phase: 'Terminating' } })],
    ['suspending', aSession({ spec: { isSuspended: true } })],
    ['suspended', aSession({ spec: { isSuspended: true }, status: { phase: 'Suspended' } })],
    ['suspending', aSession({ spec: { isSuspended: true }, status: { phase: 'Terminating' } })],
    // Resume was pressed; the operator has not acted yet.
    ['starting', aSession({ status: { phase: 'Suspended' } })],
  ] as const)('is %s', (state, session) => {
    expect(sessionState(session)).toBe(state);
  });

  it('waits when a start has met something that time alone does not mend', () => {
    const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };
    const full = { type: 'Scheduled', status: 'False', reason: 'NoGpuSlice', message: 'All slices are in use' };
    const passing = { type: 'Scheduled', status: 'False', reason: 'WaitingForScheduler', message: 'In a moment' };
    const later = { type: 'DisplayReady', status: 'False', reason: 'PodNotRunning', message: '' };
    const starting = (...conditions: readonly (typeof full)[]) =>
      aSession({ status: { phase: 'Pending', conditions } });
    expect(sessionState(starting(accepted, full, later))).toBe('waiting');
    expect(obstacleOf(starting(accepted, full, later))).toBe('All slices are in use');
    expect(sessionState(starting(accepted, passing, later))).toBe('starting');
  });

  it('is suspending, and not ending, when the hours of its template end', () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'Suspending', message: '' }];
    expect(sessionState(aSession({ status: { phase: 'Terminating', conditions } }))).toBe('suspending');
  });

  it('is suspended outside of the hours of the template, though nobody asked for it', () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'OutsideSchedule', message: '' }];
    expect(sessionState(aSession({ status: { phase: 'Suspended', conditions } }))).toBe('suspended');
  });
});
