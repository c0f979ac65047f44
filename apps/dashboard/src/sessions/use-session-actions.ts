import { useCallback, useState } from 'react';
import { type Client, type CombinedError, useClient } from 'urql';
import {
  deleteSessionMutation,
  extendSessionMutation,
  resumeSessionMutation,
  suspendSessionMutation,
} from '../graphql/documents.ts';
import { problemOf } from '../graphql/problem.ts';
import { useToast } from '../toasts/toasts.tsx';
import { extendedTimeout } from './extended-timeout.ts';
import type { Session } from './session.ts';
import { type SessionFields, sessionFromGraphql } from './session-from-graphql.ts';
import type { SessionWatch } from './use-session-watch.ts';

type SessionAction = 'suspend' | 'resume' | 'extend' | 'terminate';

/** What can be done to one session, and which of it is under way. */
export interface SessionActions {
  readonly busyWith: SessionAction | undefined;
  readonly run: (action: SessionAction) => Promise<void>;
}

const doneTitles: Readonly<Record<SessionAction, string>> = {
  suspend: 'Suspending: applications may save, the home stays',
  resume: 'Resuming',
  extend: 'Extended by two hours',
  terminate: 'Ending the desktop; the home stays',
};

/** The answer to each request is shown at once; the watch brings the rest. */
export function useSessionActions(session: Session, apply: SessionWatch['apply']): SessionActions {
  const client = useClient();
  const toast = useToast();
  const [busyWith, setBusyWith] = useState<SessionAction>();
  const run = useCallback(
    async (action: SessionAction) => {
      setBusyWith(action);
      const { name, namespace } = session;
      const { fields, error } = await requests[action](client, { name, namespace }, session);
      setBusyWith(undefined);
      if (fields === undefined) {
        const problem = problemOf(error);
        toast({ kind: 'problem', title: problem.title, detail: problem.detail });
        return;
      }
      apply({ type: 'answered', session: { ...sessionFromGraphql(fields), isDeleting: action === 'terminate' } });
      toast({ kind: 'done', title: doneTitles[action] });
    },
    [client, session, apply, toast],
  );
  return { busyWith, run };
}

type Answer =
  | { readonly fields: SessionFields; readonly error?: never }
  | { readonly fields?: undefined; readonly error: CombinedError };

type Target = Pick<Session, 'name' | 'namespace'>;
type Request = (client: Client, target: Target, session: Session) => Promise<Answer>;

const requests: Readonly<Record<SessionAction, Request>> = {
  suspend: async (client, target) => {
    const { data, error } = await client.mutation(suspendSessionMutation, target);
    return answer(data?.suspendVDISession, error);
  },
  resume: async (client, target) => {
    const { data, error } = await client.mutation(resumeSessionMutation, target);
    return answer(data?.resumeVDISession, error);
  },
  extend: async (client, target, session) => {
    const timeout = extendedTimeout(session);
    const { data, error } = await client.mutation(extendSessionMutation, { ...target, timeout });
    return answer(data?.extendVDISession, error);
  },
  terminate: async (client, target) => {
    const { data, error } = await client.mutation(deleteSessionMutation, target);
    return answer(data?.deleteVDISession, error);
  },
};

function answer(fields: SessionFields | undefined, error: CombinedError | undefined): Answer {
  if (fields !== undefined) return { fields };
  if (error !== undefined) return { error };
  throw new Error('The gateway answered a mutation with neither data nor an error');
}
