import { Skeleton } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import { SectionMessage } from '../shell/section-message.tsx';
import { sessionKey } from './session.ts';
import { SessionCard } from './session-card.tsx';
import { newestFirst } from './session-list.ts';
import { useSessions } from './sessions-provider.tsx';
import styles from './sessions-section.module.css';
import { UsageStrip } from './usage-strip.tsx';

/** The desktops of who is signed in, and how much of the quota they take. */
export function SessionsSection(): ReactNode {
  const headingId = useId();
  const { list, problem } = useSessions();
  const sessions = list === undefined ? [] : newestFirst(list.values());
  return (
    <section aria-labelledby={headingId} className={styles['section']}>
      <div className={styles['head']}>
        <h1 id={headingId}>Your desktops</h1>
        <UsageStrip sessions={sessions} />
      </div>
      {list === undefined && problem !== undefined && <SectionMessage title={problem.title} detail={problem.detail} />}
      {list === undefined && problem === undefined && (
        <div className={styles['grid']} aria-busy="true" aria-label="Fetching your desktops" role="group">
          <Skeleton height={128} radius={12} />
        </div>
      )}
      {list !== undefined && sessions.length === 0 && (
        <SectionMessage
          title="No desktop is running"
          detail="Launch one below: it starts in about a second, with your home in it."
        />
      )}
      <ul className={styles['grid']}>
        {sessions.map((session) => (
          <li key={sessionKey(session)}>
            <SessionCard session={session} />
          </li>
        ))}
      </ul>
    </section>
  );
}
