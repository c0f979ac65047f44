import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AccountMenu } from './account-menu.tsx';
import { ColorSchemeSwitch } from './color-scheme-switch.tsx';
import { useMe } from './me.tsx';
import styles from './top-bar.module.css';
import { Wordmark } from './wordmark.tsx';

export function TopBar(): ReactNode {
  const { roles } = useMe();
  return (
    <header className={styles['bar']}>
      <div className={styles['inner']}>
        <Link to="/" className={styles['home']} aria-label="Desktops, home">
          <Wordmark />
        </Link>
        {roles.some((role) => role !== 'user') && (
          <nav className={styles['nav']} aria-label="Pages">
            <Link to="/" className={styles['link']} activeOptions={{ exact: true }}>
              Yours
            </Link>
            <Link to="/admin/sessions" className={styles['link']}>
              Everybody’s
            </Link>
          </nav>
        )}
        <span className={styles['space']} />
        <ColorSchemeSwitch />
        <AccountMenu />
      </div>
    </header>
  );
}
