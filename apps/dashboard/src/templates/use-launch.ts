import { useNavigate, useRouter } from '@tanstack/react-router';
import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { createSessionMutation } from '../graphql/documents.ts';
import { problemOf } from '../graphql/problem.ts';
import { type DesktopTab, openDesktopTab } from '../sessions/desktop-tab.ts';
import { expectedSession } from '../sessions/expected-session.ts';
import { type Session, sessionKey } from '../sessions/session.ts';
import { sessionFromGraphql } from '../sessions/session-from-graphql.ts';
import { useSessions } from '../sessions/sessions-provider.tsx';
import { useMe } from '../shell/me.tsx';
import { useToast } from '../toasts/toasts.tsx';
import type { LaunchChoices } from './launch-choices.ts';
import type { Template } from './template.ts';

interface Launch {
  /** Shows the start of a desktop at once, and takes it back if the gateway refuses. */
  readonly launch: (template: Template) => void;
  /** Waits for the gateway's word first, so that refused choices can be changed; says whether they were accepted. */
  readonly launchWith: (template: Template, choices: LaunchChoices) => Promise<boolean>;
  /** Whether such a word is awaited. */
  readonly isLaunching: boolean;
}

/** Launching leads to the page of the desktop, with the desktop itself in a tab of its own. */
export function useLaunch(): Launch {
  const show = useShowStart();
  const request = useLaunchRequest();
  const { user } = useMe();
  const { apply } = useSessions();
  const router = useRouter();
  const [isLaunching, setIsLaunching] = useState(false);

  const launch = useCallback(
    (template: Template) => {
      const tab = openDesktopTab();
      const expected = expectedSession({ user, template: template.name, now: new Date() });
      apply({ type: 'created', session: expected });
      const shown = show(expected, tab);
      void request(template, { name: expected.name }, tab).then(async (session) => {
        if (session !== undefined) return;
        await shown;
        // Somebody who has gone on in the meantime stays where they are.
        if (router.state.location.pathname.endsWith(`/${sessionKey(expected)}`)) router.history.back();
        apply({ type: 'deleted', session: expected });
      });
    },
    [user, apply, show, request, router],
  );

  const launchWith = useCallback(
    async (template: Template, choices: LaunchChoices) => {
      const tab = openDesktopTab();
      setIsLaunching(true);
      const session = await request(template, choices, tab);
      setIsLaunching(false);
      if (session !== undefined) await show(session, tab);
      return session !== undefined;
    },
    [request, show],
  );
  return { launch, launchWith, isLaunching };
}

function useShowStart(): (session: Session, tab: DesktopTab) => Promise<void> {
  const navigate = useNavigate();
  return useCallback(
    ({ namespace, name }, { isHeldBack }) =>
      navigate({
        to: '/sessions/$namespace/$name',
        params: { namespace, name },
        state: { opensWhenReady: isHeldBack },
      }),
    [navigate],
  );
}

/** Asks the gateway for a desktop, and puts it into the list and its tab; tells of a refusal, and answers nothing then. */
function useLaunchRequest(): (
  template: Template,
  choices: LaunchChoices & { readonly name?: string },
  tab: DesktopTab,
) => Promise<Session | undefined> {
  const client = useClient();
  const toast = useToast();
  const { apply } = useSessions();
  return useCallback(
    async (template, choices, tab) => {
      const input = { template: template.name, ...choices };
      const { data, error } = await client.mutation(createSessionMutation, { input });
      if (data === undefined || error !== undefined) {
        tab.close();
        const detail = error && problemOf(error).detail;
        toast({ kind: 'problem', title: `${template.displayName} was not started`, ...(detail && { detail }) });
        return undefined;
      }
      const session = sessionFromGraphql(data.createVDISession);
      tab.show(session);
      apply({ type: 'created', session });
      return session;
    },
    [client, toast, apply],
  );
}
