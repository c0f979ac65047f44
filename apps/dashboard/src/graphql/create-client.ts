import { createClient as createSocketClient, type Client as SocketClient, type Sink } from 'graphql-ws';
import { Client, fetchExchange, mapExchange, subscriptionExchange } from 'urql';
import type { Connection } from './connection.ts';
import { isSignedOut, problemOf } from './problem.ts';

/** graphql-ws for: the sign-in that this connection was opened with has ended. */
const signInEndedCode = 4401;
const forbiddenCode = 4403;

/**
 * Queries and mutations over POST, watches over one WebSocket. There is no cache: what changes is watched, and what is
 * not watched is small. Whichever of them hears first that the sign-in has ended tells the whole page.
 */
export function createClient(connection: Connection): Client {
  const socket = createSocket(connection);
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'network-only',
    fetchOptions: { credentials: 'same-origin' },
    exchanges: [
      mapExchange({
        onError: (error) => {
          if (problemOf(error).kind === 'signed-out') connection.set('signed-out');
        },
      }),
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

function createSocket(connection: Connection): SocketClient {
  return createSocketClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    lazy: true,
    retryAttempts: Number.POSITIVE_INFINITY,
    // A gateway that restarts is back in a second or two; everybody at once would hold it down.
    retryWait: async (attempt) => {
      const waitMs = Math.min(500 * 2 ** attempt, 10_000) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      // A browser does not tell why a WebSocket was refused; a plain request does.
      if (await isSignedOut()) connection.set('signed-out');
    },
    // These two are decisions; everything else may pass.
    shouldRetry: (event) => !(event instanceof CloseEvent && [signInEndedCode, forbiddenCode].includes(event.code)),
    keepAlive: 10_000,
    on: {
      connected: () => connection.set('online'),
      closed: (event) => {
        const isEnded = event instanceof CloseEvent && event.code === signInEndedCode;
        connection.set(isEnded ? 'signed-out' : 'offline');
      },
    },
  });
}
