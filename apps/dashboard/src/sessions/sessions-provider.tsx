import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useSessionWatch, type SessionWatch } from './use-session-watch.ts';

const SessionsContext = createContext<SessionWatch | undefined>(undefined);

/** Watches the sessions of who is signed in, for every page at once. */
export function SessionsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { list, problem, apply } = useSessionWatch({ everybody: false });
  const watch = useMemo(() => ({ list, problem, apply }), [list, problem, apply]);
  return <SessionsContext value={watch}>{children}</SessionsContext>;
}

/** The watched sessions; inside `SessionsProvider` alone. */
export function useSessions(): SessionWatch {
  const watch = useContext(SessionsContext);
  if (watch === undefined) throw new Error('useSessions is used outside of SessionsProvider');
  return watch;
}
