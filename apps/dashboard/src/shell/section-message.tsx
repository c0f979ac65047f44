import type { ReactNode } from 'react';
import styles from './section-message.module.css';

interface SectionMessageProps {
  readonly title: string;
  readonly detail: string;
  readonly action?: ReactNode;
}

/** Stands where a list would: says why there is none, and what to do. */
export function SectionMessage({ title, detail, action }: SectionMessageProps): ReactNode {
  return (
    <div className={styles['message']}>
      <p className={styles['title']}>{title}</p>
      <p>{detail}</p>
      {action}
    </div>
  );
}
