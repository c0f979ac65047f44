import { Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCores, formatMemory } from '../templates/amounts.ts';
import { useTemplate } from '../templates/templates-provider.tsx';
import { useNow } from '../time/use-now.ts';
import { nextDeadline } from './deadline.ts';
import { type Session, sessionKey } from './session.ts';
import { SessionControls } from './session-controls.tsx';
import styles from './session-page.module.css';
import { sessionState } from './session-state.ts';
import { useSessions } from './sessions-provider.tsx';
import { StartSteps } from './start-steps.tsx';
import { startTimeline } from './start-timeline.ts';
import { StateBadge } from './state-badge.tsx';
import { useSessionActions } from './use-session-actions.ts';

const route = getRouteApi('/sessions/$namespace/$name');

/** One desktop with its start, step by step. */
export function SessionPage(): ReactNode {
  const params = route.useParams();
  const { list, problem } = useSessions();
  const session = list?.get(sessionKey(params));
  return (
    <>
      <p className={styles['back']}>
        <Link to="/">Your desktops</Link>
      </p>
      {session !== undefined && <SessionDetails session={session} />}
      {session === undefined && list !== undefined && (
        <PageNote
          title="This desktop has ended"
          detail={`There is no desktop ${params.name} any more, or it is not yours. Files in your home are kept: they are there in the next one.`}
        />
      )}
      {list === undefined && problem === undefined && (
        <Skeleton height={320} radius={12} aria-label="Fetching the desktop" />
      )}
      {list === undefined && problem !== undefined && <PageNote title={problem.title} detail={problem.detail} />}
    </>
  );
}

function PageNote({ title, detail }: { readonly title: string; readonly detail: string }): ReactNode {
  return (
    <div className={styles['note']}>
      <h1>{title}</h1>
      <p>{detail}</p>
    </div>
  );
}

function SessionDetails({ session }: { readonly session: Session }): ReactNode {
  const { apply } = useSessions();
  const actions = useSessionActions(session, apply);
  const template = useTemplate(session.spec.template);
  const state = sessionState(session);
  const now = useNow(state === 'starting' ? 50 : 5_000);
  const title = session.spec.displayName ?? template?.displayName ?? session.spec.template;
  const timeline = startTimeline(session, now);
  return (
    <article className={styles['page']}>
      <div className={styles['head']}>
        <h1>{title}</h1>
        <StateBadge state={state} />
        <div className={styles['controls']}>
          <SessionControls session={session} title={title} actions={actions} />
        </div>
      </div>
      {session.status.message !== undefined && state !== 'running' && (
        <p className={styles['message']} data-failed={state === 'failed'} role="status">
          {session.status.message}
        </p>
      )}
      <div className={styles['columns']}>
        {state === 'suspended' || session.status.timeline.length + Number(state === 'starting') === 0 ? null : (
          <StartSteps timeline={timeline} />
        )}
        <Details session={session} now={now} />
      </div>
    </article>
  );
}

function Details({ session, now }: { readonly session: Session; readonly now: number }): ReactNode {
  const { spec, status } = session;
  const deadline = nextDeadline(session, now);
  const facts: readonly (readonly [label: string, value: string | undefined])[] = [
    ['Name', session.name],
    ['Template', spec.template],
    ['Owner', spec.user],
    ['CPU', spec.resources.cpu === undefined ? undefined : formatCores(spec.resources.cpu)],
    ['Memory', spec.resources.memory === undefined ? undefined : formatMemory(spec.resources.memory)],
    ['GPU slices', spec.resources.gpu?.toString()],
    ['Address', status.url],
    ['Machine', status.node],
    ['Encoder', status.encoder],
    ['Viewers', String(status.viewers)],
    ['Deadline', deadline?.text],
  ];
  return (
    <section className={styles['panel']} aria-label="Details">
      <h2>Details</h2>
      <dl className={styles['facts']}>
        {facts.map(
          ([label, value]) =>
            value !== undefined && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
