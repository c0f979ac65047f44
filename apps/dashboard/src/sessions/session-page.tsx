import { Skeleton } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCores, formatMemory } from '../templates/amounts.ts';
import { usePageTitle } from '../shell/use-page-title.ts';
import { useTemplate } from '../templates/templates-provider.tsx';
import { useNow } from '../time/use-now.ts';
import { nextDeadline } from './deadline.ts';
import { type Session, sessionKey } from './session.ts';
import { SessionControls } from './session-controls.tsx';
import styles from './session-page.module.css';
import { obstacleOf, sessionState } from './session-state.ts';
import { useSessions } from './sessions-provider.tsx';
import { StartSteps } from './start-steps.tsx';
import { type StartTimeline, startTimeline } from './start-timeline.ts';
import { StateBadge } from './state-badge.tsx';
import { useOpensWhenReady } from './use-opens-when-ready.ts';
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
        <Link to="/">
          <span aria-hidden="true">‹ </span>Your desktops
        </Link>
      </p>
      {session !== undefined && <SessionDetails session={session} />}
      {session === undefined && list !== undefined && (
        <PageNote
          title="This desktop has ended"
          detail={`There is no desktop ${params.name} any more, or it is not yours. Files in your home are kept: they are there in the next one.`}
        />
      )}
      {list === undefined && problem === undefined && (
        <div role="group" aria-busy="true" aria-label="Fetching the desktop">
          <Skeleton height={320} radius={12} />
        </div>
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
  const isOnItsWay = state === 'starting' || state === 'waiting';
  const now = useNow(isOnItsWay ? 50 : 5_000);
  const title = session.spec.displayName ?? template?.displayName ?? session.spec.template;
  const timeline = startTimeline(session, now);
  const note = noteOf(session, timeline);
  const opensWhenReady = useOpensWhenReady(session);
  usePageTitle(title);
  return (
    <article className={styles['page']}>
      <div className={styles['head']}>
        <h1>{title}</h1>
        <StateBadge state={state} />
        <div className={styles['controls']}>
          <SessionControls session={session} title={title} actions={actions} />
        </div>
      </div>
      <div role="status" className={styles['notes']}>
        {opensWhenReady && isOnItsWay && <p className={styles['soon']}>It opens here as soon as it is ready.</p>}
        {note !== undefined && (
          <p className={styles['message']} data-state={state}>
            {note}
          </p>
        )}
      </div>
      <div className={styles['columns']}>
        {state === 'suspended' || session.status.timeline.length + Number(isOnItsWay) === 0 ? null : (
          <StartSteps timeline={timeline} />
        )}
        <Details session={session} now={now} />
      </div>
    </article>
  );
}

/** What there is to say that no step of the start says. */
function noteOf(session: Session, { steps }: StartTimeline): string | undefined {
  const state = sessionState(session);
  if (state === 'suspended' && session.spec.isSuspended)
    return 'It is stopped. Its home, name and address are kept until you resume or end it.';
  const said = state === 'waiting' ? obstacleOf(session) : session.status.message;
  const isShown = state === 'waiting' || state === 'failed' || state === 'suspended';
  return !isShown || steps.some((step) => step.state !== 'done' && step.message === said) ? undefined : said;
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
