import { type Session, sessionKey } from './session.ts';

/** What a watch reports. It begins with a snapshot, and begins so again after each reconnection. */
export type SessionChange =
  | { readonly type: 'snapshot'; readonly sessions: readonly Session[] }
  | { readonly type: 'added' | 'updated' | 'deleted'; readonly session: Session };

/** The sessions by key; undefined before the first snapshot. */
export type SessionList = ReadonlyMap<string, Session> | undefined;

/** Applies one change. A deletion of an earlier session of the same name leaves the present one alone. */
export function changeSessionList(list: SessionList, change: SessionChange): SessionList {
  if (change.type === 'snapshot') {
    return new Map(change.sessions.map((session) => [sessionKey(session), session]));
  }
  const key = sessionKey(change.session);
  const next = new Map(list);
  if (change.type !== 'deleted') return next.set(key, change.session);
  if (next.get(key)?.uid === change.session.uid) next.delete(key);
  return next;
}

/** Newest first; of the same second, by name. */
export function newestFirst(sessions: Iterable<Session>): readonly Session[] {
  return [...sessions].sort(
    (a, b) => b.creationTimestamp.localeCompare(a.creationTimestamp) || a.name.localeCompare(b.name),
  );
}
