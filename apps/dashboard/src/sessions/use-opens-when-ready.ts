import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { openAddress } from './desktop-tab.ts';
import type { Session } from './session.ts';
import { sessionState } from './session-state.ts';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The desktop of this page was launched here, and is opened as soon as it runs. Forgotten when that has happened. */
    readonly opensWhenReady?: boolean;
  }
}

/**
 * Opens a desktop that was launched here as soon as it runs, in this tab: for browsers that held its own tab back. The way
 * back to the page then finds it at rest. Says whether that is still to come.
 */
export function useOpensWhenReady(session: Session): boolean {
  const navigate = useNavigate();
  const isWanted = useLocation({ select: ({ state }) => state.opensWhenReady === true });
  const isReady = sessionState(session) === 'running';
  const address = openAddress(session);
  useEffect(() => {
    if (!isWanted || !isReady) return;
    void navigate({ to: '.', replace: true, state: {} }).then(() => location.assign(address));
  }, [isWanted, isReady, address, navigate]);
  return isWanted;
}
