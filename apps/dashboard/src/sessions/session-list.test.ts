import { describe, expect, it } from 'vitest';
import { aSession } from '../testing/a-session.ts';
import { changeSessionList, newestFirst } from './session-list.ts';

const snapshot = changeSessionList(undefined, { type: 'snapshot', sessions: [aSession()] });

describe('the list of sessions', () => {
  it('holds what the newest snapshot holds and nothing else', () => {
    const list = changeSessionList(snapshot, { type: 'snapshot', sessions: [aSession({ name: 'other' })] });
    expect([...(list?.keys() ?? [])]).toEqual(['vdi-sessions/other']);
  });

  it('keeps sessions of one name in two namespaces apart', () => {
    const list = changeSessionList(snapshot, { type: 'added', session: aSession({ namespace: 'vdi' }) });
    expect(list?.size).toBe(2);
  });

  it('takes over an update', () => {
    const list = changeSessionList(snapshot, { type: 'updated', session: aSession({ status: { phase: 'Failed' } }) });
    expect(list?.get('vdi-sessions/alice-abcde')?.status.phase).toBe('Failed');
  });

  it('takes the wish from an answer and the status from the watch', () => {
    const asked = aSession({ spec: { isSuspended: true }, status: { phase: 'Pending' } });
    const list = changeSessionList(snapshot, { type: 'answered', session: asked });
    expect(list?.get('vdi-sessions/alice-abcde')).toMatchObject({
      spec: { isSuspended: true },
      status: { phase: 'Running' },
    });
  });

  it('brings nothing back that ended before the answer came', () => {
    expect(changeSessionList(new Map(), { type: 'answered', session: aSession() })?.size).toBe(0);
  });

  it('leaves alone what the watch knows of a launch before the answer comes', () => {
    const created = aSession({ status: { phase: 'Pending' } });
    expect(changeSessionList(snapshot, { type: 'created', session: created })).toBe(snapshot);
    expect(changeSessionList(undefined, { type: 'created', session: created })?.size).toBe(1);
  });

  it('shows what was asked for until it is there, or is refused', () => {
    const expected = aSession({ name: 'alice-new', uid: '' });
    const asked = changeSessionList(snapshot, { type: 'created', session: expected });
    const reconnected = changeSessionList(asked, { type: 'snapshot', sessions: [aSession()] });
    expect([...(reconnected?.keys() ?? [])].toSorted()).toEqual(['vdi-sessions/alice-abcde', 'vdi-sessions/alice-new']);
    const real = aSession({ name: 'alice-new', uid: 'uid-2' });
    for (const type of ['added', 'created'] as const) {
      const arrived = changeSessionList(asked, { type, session: real });
      expect(arrived?.get('vdi-sessions/alice-new')?.uid).toBe('uid-2');
      // A refusal that comes after all, of an answer that was lost on the way, takes nothing away.
      expect(changeSessionList(arrived, { type: 'deleted', session: expected })?.size).toBe(2);
    }
    expect(changeSessionList(asked, { type: 'deleted', session: expected })?.size).toBe(1);
  });

  it('forgets a deleted session, but not its namesake', () => {
    expect(changeSessionList(snapshot, { type: 'deleted', session: aSession() })?.size).toBe(0);
    expect(changeSessionList(snapshot, { type: 'deleted', session: aSession({ uid: 'uid-0' }) })?.size).toBe(1);
  });

  it('shows the newest first', () => {
    const older = aSession({ name: 'b' });
    const newer = aSession({ name: 'a', creationTimestamp: '2026-01-01T11:00:00Z' });
    expect(
      newestFirst([older, newer, aSession({ name: 'a' })]).map(
        ({ name, creationTimestamp }) => name + creationTimestamp,
      ),
    ).toEqual(['a2026-01-01T11:00:00Z', 'a2026-01-01T10:00:00Z', 'b2026-01-01T10:00:00Z']);
  });
});
