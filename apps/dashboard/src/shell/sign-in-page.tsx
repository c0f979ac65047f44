import { Button } from '@mantine/core';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ColorSchemeSwitch } from './color-scheme-switch.tsx';
import styles from './sign-in-page.module.css';
import { Wordmark } from './wordmark.tsx';

/** The way in, and the way back in. It returns to the address that was asked for. */
export function SignInPage({ wasSignedIn }: { readonly wasSignedIn: boolean }): ReactNode {
  const returnTo = useRouterState({ select: ({ location }) => location.href });
  return (
    <main className={styles['page']}>
      <div className={styles['panel']}>
        <Wordmark />
        <h1 className={styles['title']}>{wasSignedIn ? 'You are signed out' : 'Your desktop, in this browser'}</h1>
        <p className={styles['text']} role={wasSignedIn ? 'alert' : undefined}>
          {wasSignedIn
            ? 'Your sign-in has ended. Sign in to come back to this page; desktops that run now keep running.'
            : 'Sign in to start a desktop or to return to one. Desktops that run now keep running, and your home is where you left it.'}
        </p>
        <Button component="a" href={`/login?returnTo=${encodeURIComponent(returnTo)}`} size="md" fullWidth>
          Sign in
        </Button>
        <div className={styles['foot']}>
          <ColorSchemeSwitch />
        </div>
      </div>
    </main>
  );
}
