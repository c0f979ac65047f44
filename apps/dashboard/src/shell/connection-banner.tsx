import { useNetwork } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useConnection } from '../graphql/connection.ts';
import styles from './connection-banner.module.css';

/** Says when the page is no longer kept up to date. */
export function ConnectionBanner(): ReactNode {
  const connection = useConnection();
  const { online } = useNetwork();
  const text = online
    ? 'The gateway is not answering. What you see may be old; reconnecting by itself. Your desktops keep running.'
    : 'This device is offline. What you see may be old. Your desktops keep running.';
  return <div role="status">{(connection === 'offline' || !online) && <p className={styles['banner']}>{text}</p>}</div>;
}
