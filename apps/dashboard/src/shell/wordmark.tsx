import type { ReactNode } from 'react';
import styles from './wordmark.module.css';

export function Wordmark(): ReactNode {
  return (
    <span className={styles['wordmark']}>
      <img src="/icon.svg" alt="" width="24" height="24" />
      Desktops
    </span>
  );
}
