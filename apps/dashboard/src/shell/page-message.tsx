import { Button, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './page-message.module.css';

interface PageMessageProps {
  readonly title: string;
  readonly detail?: string;
  readonly isBusy?: boolean;
  readonly onRetry?: () => void;
  readonly children?: ReactNode;
}

/** One thing to say, in the middle of the page. */
export function PageMessage({ title, detail, isBusy = false, onRetry, children }: PageMessageProps): ReactNode {
  return (
    <main className={styles['page']} aria-busy={isBusy}>
      <div className={styles['panel']}>
        {isBusy && <Loader size="sm" aria-hidden="true" />}
        <h1>{title}</h1>
        {detail !== undefined && <p className={styles['detail']}>{detail}</p>}
        {onRetry !== undefined && (
          <Button mt="sm" onClick={onRetry}>
            Try again
          </Button>
        )}
        {children}
      </div>
    </main>
  );
}
