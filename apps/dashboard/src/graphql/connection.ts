import { createContext, useContext, useSyncExternalStore } from 'react';

/** `signed-out` stays: the way back is to sign in, which loads the page anew. */
export type ConnectionState = 'connecting' | 'online' | 'offline' | 'signed-out';

/** Whether what is on the page is still being kept up to date. */
export interface Connection {
  readonly get: () => ConnectionState;
  readonly set: (state: ConnectionState) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function createConnection(): Connection {
  let state: ConnectionState = 'connecting';
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set: (next) => {
      if (next === state || state === 'signed-out') return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const ConnectionContext = createContext<Connection>(createConnection());
export const ConnectionProvider = ConnectionContext.Provider;

export function useConnection(): ConnectionState {
  const connection = useContext(ConnectionContext);
  return useSyncExternalStore(connection.subscribe, connection.get);
}
