import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PageMessage } from './page-message.tsx';

/** For defects of our own: the desktops are not touched by them. */
export function UnexpectedErrorPage({ error, reset }: ErrorComponentProps): ReactNode {
  return (
    <PageMessage
      title="This page failed"
      detail={`${error instanceof Error ? error.message : String(error)}. Your desktops are not affected. Try again; if it happens again, tell your administrator.`}
      onRetry={reset}
    />
  );
}
