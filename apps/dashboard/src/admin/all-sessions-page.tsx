import { Skeleton, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { type Session, sessionKey } from '../sessions/session.ts';
import { SessionControls } from '../sessions/session-controls.tsx';
import { newestFirst } from '../sessions/session-list.ts';
import { sessionState, stateWords } from '../sessions/session-state.ts';
import { StateBadge } from '../sessions/state-badge.tsx';
import { useSessionActions } from '../sessions/use-session-actions.ts';
import { type SessionWatch, useSessionWatch } from '../sessions/use-session-watch.ts';
import { SectionMessage } from '../shell/section-message.tsx';
import { formatSpan } from '../time/format-elapsed.ts';
import { useNow } from '../time/use-now.ts';
import styles from './all-sessions-page.module.css';

const ageIntervalMs = 10_000;

/** The desktops of everybody, for those who run the platform. */
export function AllSessionsPage(): ReactNode {
  const watch = useSessionWatch({ everybody: true });
  const [text, setText] = useState('');
  const sessions = watch.list === undefined ? [] : matching(newestFirst(watch.list.values()), text);
  return (
    <section aria-labelledby="all-sessions">
      <div className={styles['head']}>
        <h1 id="all-sessions">Everybody’s desktops</h1>
        <TextInput
          type="search"
          placeholder="User, name, template or state"
          aria-label="Search the desktops"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className={styles['search'] ?? ''}
        />
      </div>
      {watch.list === undefined && watch.problem !== undefined && (
        <SectionMessage title={watch.problem.title} detail={watch.problem.detail} />
      )}
      {watch.list === undefined && watch.problem === undefined && (
        <div role="group" aria-busy="true" aria-label="Fetching the desktops">
          <Skeleton height={200} radius={12} />
        </div>
      )}
      {watch.list !== undefined && sessions.length === 0 && (
        <SectionMessage
          title={watch.list.size === 0 ? 'Nobody has a desktop' : 'Nothing matches'}
          detail={watch.list.size === 0 ? 'Desktops appear here as they are launched.' : 'Try fewer words.'}
        />
      )}
      {sessions.length > 0 && <SessionTable sessions={sessions} apply={watch.apply} />}
    </section>
  );
}

function matching(sessions: readonly Session[], text: string): readonly Session[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter((session) => {
    const { user, template } = session.spec;
    const haystack = `${user} ${sessionKey(session)} ${template} ${stateWords[sessionState(session)]}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

interface SessionTableProps {
  readonly sessions: readonly Session[];
  readonly apply: SessionWatch['apply'];
}

function SessionTable({ sessions, apply }: SessionTableProps): ReactNode {
  const now = useNow(ageIntervalMs);
  return (
    <div className={styles['scroll']} role="region" aria-label="Desktops of everybody" tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Desktop</th>
            <th scope="col" className={styles['extra']}>
              Template
            </th>
            <th scope="col" className={styles['state']}>
              State
            </th>
            <th scope="col" className={styles['extra']}>
              Machine
            </th>
            <th scope="col" className={styles['extra']}>
              Viewers
            </th>
            <th scope="col" className={styles['extra']}>
              Age
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <SessionRow key={sessionKey(session)} session={session} apply={apply} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SessionRowProps {
  readonly session: Session;
  readonly apply: SessionWatch['apply'];
  readonly now: number;
}

function SessionRow({ session, apply, now }: SessionRowProps): ReactNode {
  const actions = useSessionActions(session, apply);
  const { spec, status } = session;
  return (
    <tr>
      <th scope="row" className={styles['who']}>
        {spec.user}
        <code>{session.name}</code>
        <span className={styles['narrow']}>
          <StateBadge state={sessionState(session)} />
        </span>
      </th>
      <td className={styles['extra']}>{spec.template}</td>
      <td className={styles['state']} title={status.message}>
        <StateBadge state={sessionState(session)} />
      </td>
      <td className={styles['extra']}>{status.node ?? '–'}</td>
      <td className={styles['extra']}>{status.viewers}</td>
      <td className={styles['extra']}>{formatSpan(now - Date.parse(session.creationTimestamp))}</td>
      <td className={styles['actions']}>
        <SessionControls session={session} title={`${session.name} of ${spec.user}`} actions={actions} />
      </td>
    </tr>
  );
}
