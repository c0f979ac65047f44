import { type Session, sessionKey } from './session.ts';

/**
 * What a watch reports, and what a mutation answers. A watch begins with a snapshot, and begins so again after each
 * reconnection. An answer may come later than the events that it caused. What was asked for and is not answered yet is
 * `created` without a uid: it stays until the watch or the answer brings the session itself, or until it is `deleted`.
 */
export type SessionChange =
  | { readonly type: 'snapshot'; readonly sessions: readonly Session[] }
  | { readonly type: 'added' | 'updated' | 'deleted' | 'created' | 'answered'; readonly session: Session };

/** The sessions by key; undefined before the first snapshot. */
export type SessionList = ReadonlyMap<string, Session> | undefined;

/** Applies one change. What concerns an earlier session of the same name leaves the present one alone. */
export function changeSessionList(list: SessionList, change: SessionChange): SessionList {
  if (change.type === 'snapshot') {
    const expected = [...(list?.values() ?? [])].filter(isExpected);
    return new Map([...expected, ...change.sessions].map((session) => [sessionKey(session), session]));
  }
  const { type, session } = change;
  const key = sessionKey(session);
  const present = list?.get(key);
  const next = new Map(list);
  switch (type) {
    case 'added':
    case 'updated':
      return next.set(key, session);
    case 'created':
      return present === undefined || isExpected(present) ? next.set(key, session) : list;
    case 'answered':
      // The wish is news; of the status, the watch knows at least as much.
      return present?.uid === session.uid
        ? next.set(key, { ...present, spec: session.spec, isDeleting: present.isDeleting || session.isDeleting })
        : list;
    case 'deleted':
      if (present?.uid === session.uid) next.delete(key);
      return next;
  }
  return next;
}

/** Whether a session was asked for and is not known to exist. */
export function isExpected({ uid }: Session): boolean {
  return uid === '';
}

/** Newest first; of the same second, by name. */
export function newestFirst(sessions: Iterable<Session>): readonly Session[] {
  return [...sessions].sort(
    (a, b) => b.creationTimestamp.localeCompare(a.creationTimestamp) || a.name.localeCompare(b.name),
  );
}
