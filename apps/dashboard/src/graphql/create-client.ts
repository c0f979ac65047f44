import { createClient as createSocketClient, type Sink } from 'graphql-ws';
import { Client, fetchExchange, subscriptionExchange } from 'urql';
import type { Connection } from './connection.ts';

/**
 * Queries and mutations over POST, watches over one WebSocket. There is no cache: what changes is watched, and what is
 * not watched is small.
 */
export function createClient(connection: Connection): Client {
  const socket = createSocketClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    lazy: true,
    retryAttempts: Number.POSITIVE_INFINITY,
    // A gateway that restarts is back in a second or two; everybody at once would hold it down.
    retryWait: async (attempt) => {
      const waitMs = Math.min(500 * 2 ** attempt, 10_000) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    },
    // 4401 and 4403 are decisions; everything else may pass.
    shouldRetry: (event) => !(event instanceof CloseEvent && [4401, 4403].includes(event.code)),
    keepAlive: 10_000,
    on: {
      connected: () => connection.set('online'),
      closed: () => connection.set('offline'),
    },
  });
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: socket.subscribe({ query, variables: variables as Record<string, unknown> }, sink as Sink),
          }),
        }),
      }),
    ],
  });
}
