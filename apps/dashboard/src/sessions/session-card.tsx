import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { TemplateIcon } from '../templates/template-icon.tsx';
import { useTemplate } from '../templates/templates-provider.tsx';
import { formatSpan } from '../time/format-elapsed.ts';
import { useNow } from '../time/use-now.ts';
import { nextDeadline } from './deadline.ts';
import type { Session } from './session.ts';
import styles from './session-card.module.css';
import { SessionControls } from './session-controls.tsx';
import { obstacleOf, sessionState } from './session-state.ts';
import { StateBadge } from './state-badge.tsx';
import { startTimeline } from './start-timeline.ts';
import { TimelineBar } from './timeline-bar.tsx';
import { useSessionActions } from './use-session-actions.ts';
import { useSessions } from './sessions-provider.tsx';

const startingIntervalMs = 100;
const restingIntervalMs = 10_000;

/** One desktop: what it is, how it is, and what can be done. */
export function SessionCard({ session }: { readonly session: Session }): ReactNode {
  const { apply } = useSessions();
  const actions = useSessionActions(session, apply);
  const template = useTemplate(session.spec.template);
  const state = sessionState(session);
  const now = useNow(state === 'starting' ? startingIntervalMs : restingIntervalMs);
  const title = session.spec.displayName ?? template?.displayName ?? session.spec.template;
  return (
    <article className={styles['card']} aria-label={title}>
      <div className={styles['head']}>
        <TemplateIcon icon={template?.icon} name={template?.displayName ?? session.spec.template} />
        <div className={styles['names']}>
          <h2 className={styles['title']}>
            <Link to="/sessions/$namespace/$name" params={{ namespace: session.namespace, name: session.name }}>
              {title}
            </Link>
          </h2>
          <p className={styles['name']}>{session.name}</p>
        </div>
        <StateBadge state={state} />
      </div>
      <CardMiddle session={session} now={now} />
      <div className={styles['foot']}>
        <Facts session={session} now={now} />
        <SessionControls session={session} title={title} actions={actions} />
      </div>
    </article>
  );
}

function CardMiddle({ session, now }: { readonly session: Session; readonly now: number }): ReactNode {
  const state = sessionState(session);
  const { message } = session.status;
  if (state === 'starting') return <TimelineBar timeline={startTimeline(session, now)} />;
  if (state === 'waiting') return <p className={styles['message']}>{obstacleOf(session)}</p>;
  if (state !== 'failed' || message === undefined) return null;
  return (
    <p className={styles['message']} data-failed="true">
      {message}
    </p>
  );
}

function Facts({ session, now }: { readonly session: Session; readonly now: number }): ReactNode {
  const deadline = nextDeadline(session, now);
  const { viewers } = session.status;
  return (
    <ul className={styles['facts']}>
      <li>{formatSpan(now - Date.parse(session.creationTimestamp))} old</li>
      {viewers > 0 && <li>{viewers === 1 ? '1 viewer' : `${viewers} viewers`}</li>}
      {deadline !== undefined && (
        <li data-soon={deadline.isSoon}>
          <time dateTime={deadline.at}>{deadline.text}</time>
        </li>
      )}
    </ul>
  );
}
