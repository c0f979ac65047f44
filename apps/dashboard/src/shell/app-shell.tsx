import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { useConnection } from '../graphql/connection.ts';
import { meQuery } from '../graphql/documents.ts';
import { problemOf } from '../graphql/problem.ts';
import { SessionsProvider } from '../sessions/sessions-provider.tsx';
import { TemplatesProvider } from '../templates/templates-provider.tsx';
import styles from './app-shell.module.css';
import { ConnectionBanner } from './connection-banner.tsx';
import { contentId, FocusOnNavigation } from './focus-on-navigation.tsx';
import { MeProvider } from './me.tsx';
import { PageMessage } from './page-message.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { TopBar } from './top-bar.tsx';

/** Finds out who is there, then shows the page, the way in, or what stands between. */
export function AppShell(): ReactNode {
  const [{ data, error, fetching }, retry] = useQuery({ query: meQuery });
  const connection = useConnection();
  if (connection === 'signed-out') return <SignInPage wasSignedIn={data !== undefined} />;
  if (data !== undefined) {
    return (
      <MeProvider value={data.me}>
        <SessionsProvider>
          <TemplatesProvider>
            <a className={styles['skip']} href={`#${contentId}`}>
              Skip to content
            </a>
            <TopBar />
            <ConnectionBanner />
            <main className={styles['main']} id={contentId} tabIndex={-1}>
              <FocusOnNavigation />
              <Outlet />
            </main>
          </TemplatesProvider>
        </SessionsProvider>
      </MeProvider>
    );
  }
  if (error === undefined) return <PageMessage isBusy={fetching} title="Opening your desktops" />;
  const problem = problemOf(error);
  return (
    <PageMessage
      title={problem.title}
      detail={problem.detail}
      onRetry={() => retry({ requestPolicy: 'network-only' })}
    />
  );
}
