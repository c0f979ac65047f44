import { useEffect, useReducer, useState } from 'react';
import { useClient } from 'urql';
import { watchSessionsSubscription } from '../graphql/documents.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import { type Problem, problemOf } from '../graphql/problem.ts';
import { sessionFromGraphql } from './session-from-graphql.ts';
import { changeSessionList, type SessionChange, type SessionList } from './session-list.ts';

/** Sessions that are kept up to date. */
export interface SessionWatch {
  readonly list: SessionList;
  readonly problem: Problem | undefined;
  /** Shows the answer to a mutation before the watch brings it. */
  readonly apply: (change: SessionChange) => void;
}

/**
 * Follows `watchVDISessions`. The client is used directly: React may drop all but the last of several results that come
 * between two renderings, and every event counts here.
 */
export function useSessionWatch({ everybody }: { readonly everybody: boolean }): SessionWatch {
  const client = useClient();
  const [list, apply] = useReducer(changeSessionList, undefined);
  const [problem, setProblem] = useState<Problem>();
  useEffect(() => {
    const subscription = client.subscription(watchSessionsSubscription, { everybody }).subscribe(({ data, error }) => {
      // Null where the gateway refused, though its type does not say so.
      const event = data?.watchVDISessions;
      if (event) for (const change of changesOf(event)) apply(change);
      setProblem(error === undefined ? undefined : problemOf(error));
    });
    return () => subscription.unsubscribe();
  }, [client, everybody]);
  return { list, problem, apply };
}

type WatchEvent = ResultOf<typeof watchSessionsSubscription>['watchVDISessions'];

const changeTypes = { ADDED: 'added', UPDATED: 'updated', DELETED: 'deleted' } as const;

function changesOf({ type, sessions }: WatchEvent): readonly SessionChange[] {
  const all = sessions.map(sessionFromGraphql);
  return type === 'SNAPSHOT'
    ? [{ type: 'snapshot', sessions: all }]
    : all.map((session) => ({ type: changeTypes[type], session }));
}
