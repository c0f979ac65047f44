import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from './page-message.module.css';

/** For addresses that lead nowhere. Its own landmark is the page's. */
export function NotFoundPage(): ReactNode {
  return (
    <div className={styles['page']}>
      <div className={styles['panel']}>
        <h1>There is nothing here</h1>
        <p className={styles['detail']}>The address is mistyped, or what it led to has ended.</p>
        <Link to="/">Go to your desktops</Link>
      </div>
    </div>
  );
}
