import { describe, expect, it } from 'vitest';
import { aSession } from '../testing/a-session.ts';
import { nextDeadline } from './deadline.ts';
import { extendedTimeout } from './extended-timeout.ts';

const now = Date.parse('2026-01-01T12:00:00Z');
const startTime = '2026-01-01T10:00:00Z';

describe('the next deadline', () => {
  it('is the nearer one', () => {
    const status = { expiresAt: '2026-01-01T18:30:00Z', idleDeadline: '2026-01-01T13:00:00Z' };
    expect(nextDeadline(aSession({ status }), now)).toMatchObject({ text: 'Idle stop in 1 h', isSoon: false });
  });

  it('is not the idle time of a suspended session', () => {
    const status = { expiresAt: '2026-01-01T12:05:00Z', idleDeadline: '2026-01-01T12:01:00Z' };
    const session = aSession({ spec: { isSuspended: true }, status });
    expect(nextDeadline(session, now)).toMatchObject({ text: 'Ends in 5 min', isSoon: true });
  });

  it('is now once it has passed', () => {
    expect(nextDeadline(aSession({ status: { expiresAt: startTime } }), now)?.text).toBe('Ends now');
  });

  it('does not exist for a session without end', () => {
    expect(nextDeadline(aSession(), now)).toBeUndefined();
  });
});

describe('an extension', () => {
  it.each([
    ['2026-01-01T18:00:00Z', '10h'],
    ['2026-01-01T10:45:00Z', '2h45m'],
  ])('of a session that ends at %s makes its life %s', (expiresAt, timeout) => {
    expect(extendedTimeout(aSession({ status: { startTime, expiresAt } }))).toBe(timeout);
  });

  it('is refused where there is no end', () => {
    expect(() => extendedTimeout(aSession())).toThrow('no end');
  });
});
