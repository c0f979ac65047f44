import { expect, it } from 'vitest';
import { expectedSession } from './expected-session.ts';
import { isExpected } from './session-list.ts';
import { sessionState } from './session-state.ts';

it('expects a session under a name of its user, and under another name each time', () => {
  const now = new Date('2026-01-01T10:00:00Z');
  const drawn = Array.from({ length: 50 }, () => expectedSession({ user: 'Álice@example.com', template: 'x', now }));
  for (const session of drawn) expect(session.name).toMatch(/^alice-[0-9a-z]{5}$/);
  expect(new Set(drawn.map(({ name }) => name)).size).toBe(50);
  expect(drawn.map(isExpected)).not.toContain(false);
  expect(drawn.map(sessionState)).toEqual(Array.from({ length: 50 }, () => 'starting'));
});
