import { useNavigate } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { createSessionMutation } from '../graphql/documents.ts';
import { problemOf } from '../graphql/problem.ts';
import { sessionFromGraphql } from '../sessions/session-from-graphql.ts';
import { useSessions } from '../sessions/sessions-provider.tsx';
import { useToast } from '../toasts/toasts.tsx';
import type { LaunchChoices } from './launch-choices.ts';
import type { Template } from './template.ts';

interface Launch {
  /** Name of the template that is being launched. */
  readonly launching: string | undefined;
  /** Asks for a desktop and shows its start; says whether it was accepted. */
  readonly launch: (template: Template, choices?: LaunchChoices) => Promise<boolean>;
}

export function useLaunch(): Launch {
  const client = useClient();
  const navigate = useNavigate();
  const toast = useToast();
  const { apply } = useSessions();
  const [launching, setLaunching] = useState<string>();
  const launch = useCallback(
    async (template: Template, choices: LaunchChoices = {}) => {
      setLaunching(template.name);
      const { data, error } = await client.mutation(createSessionMutation, {
        input: { template: template.name, ...choices },
      });
      setLaunching(undefined);
      if (error !== undefined) {
        const { title, detail } = problemOf(error);
        toast({ kind: 'problem', title: `${template.displayName} was not started: ${title.toLowerCase()}`, detail });
      }
      if (data === undefined || error !== undefined) return false;
      const session = sessionFromGraphql(data.createVDISession);
      apply({ type: 'created', session });
      await navigate({
        to: '/sessions/$namespace/$name',
        params: { namespace: session.namespace, name: session.name },
      });
      return true;
    },
    [client, navigate, toast, apply],
  );
  return { launching, launch };
}
