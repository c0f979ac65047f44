import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { meQuery } from '../graphql/documents.ts';
import { problemOf } from '../graphql/problem.ts';
import { SessionsProvider } from '../sessions/sessions-provider.tsx';
import { TemplatesProvider } from '../templates/templates-provider.tsx';
import styles from './app-shell.module.css';
import { ConnectionBanner } from './connection-banner.tsx';
import { MeProvider } from './me.tsx';
import { PageMessage } from './page-message.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { TopBar } from './top-bar.tsx';

/** Finds out who is there, then shows the page, the way in, or what stands between. */
export function AppShell(): ReactNode {
  const [{ data, error, fetching }, retry] = useQuery({ query: meQuery });
  if (data !== undefined) {
    return (
      <MeProvider value={data.me}>
        <SessionsProvider>
          <TemplatesProvider>
            <a className={styles['skip']} href="#content">
              Skip to content
            </a>
            <TopBar />
            <ConnectionBanner />
            <main className={styles['main']} id="content" tabIndex={-1}>
              <Outlet />
            </main>
          </TemplatesProvider>
        </SessionsProvider>
      </MeProvider>
    );
  }
  if (error === undefined) return <PageMessage isBusy={fetching} title="Opening your desktops" />;
  const problem = problemOf(error);
  if (problem.kind === 'signed-out') return <SignInPage />;
  return (
    <PageMessage
      title={problem.title}
      detail={problem.detail}
      onRetry={() => retry({ requestPolicy: 'network-only' })}
    />
  );
}
