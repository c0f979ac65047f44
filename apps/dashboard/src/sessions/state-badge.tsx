import type { ReactNode } from 'react';
import { type SessionState, stateWords } from './session-state.ts';
import styles from './state-badge.module.css';

/** The state in a word; its colour and its dot say the same once more. */
export function StateBadge({ state }: { readonly state: SessionState }): ReactNode {
  return (
    <span className={styles['badge']} data-state={state}>
      <span className={styles['dot']} aria-hidden="true" />
      {stateWords[state]}
    </span>
  );
}
