import { type ReactNode } from 'react';
import { useMe } from '../shell/me.tsx';
import type { Session } from './session.ts';
import { usageLines } from './usage.ts';
import styles from './usage-strip.module.css';

/** How much of the quota is used, in one line. */
export function UsageStrip({ sessions }: { readonly sessions: readonly Session[] }): ReactNode {
  const { account, user } = useMe();
  const lines = usageLines(account, sessions.filter(({ spec }) => spec.user === user).length);
  return (
    <dl className={styles['strip']} aria-label="Usage">
      {lines.map(({ label, text, share }) => (
        <div key={label} className={styles['line']}>
          <dt>{label}</dt>
          <dd>{text}</dd>
          {share !== undefined && (
            <dd className={styles['meter']} data-full={share >= 1} aria-hidden="true">
              <span className={styles['level']} style={{ width: `${share * 100}%` }} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
