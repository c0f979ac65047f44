import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { bearerToken } from '../auth/bearer-sign-ins.ts';
import type { Principal } from '../auth/principal.ts';
import type { Via } from '../authorize/authorize.ts';
import { apiError } from './api-error.ts';
import type { GraphqlContext } from './graphql-context.ts';
import type { GraphqlEndpointOptions } from './graphql-endpoint.ts';
import { presentError } from './present-error.ts';
import { requireOrigin, requirePrincipal, requireTokenHolder, unauthenticated, viaOf } from './request-gate.ts';

/** The code by which graphql-ws tells clients not to connect again before signing in. */
const unauthorizedCode = 4401;
/** Sockets of API clients that have not said who they are yet; they get three seconds. */
const mostUnidentified = 256;

/** Who is at the other end of each socket. */
export interface SocketIdentities {
  /** Undefined as long as that is not known. */
  contextOf(request: IncomingMessage): GraphqlContext | undefined;
  /** Checks an upgrade; throws why it is refused. Returns what to do with the socket once there is one. */
  admit(request: IncomingMessage): Promise<(socket: WebSocket) => void>;
  /** Takes the payload of `connection_init`; false when the socket was closed for it. */
  connect(request: IncomingMessage, socket: WebSocket, payload: Readonly<Record<string, unknown>>): Promise<boolean>;
}

/**
 * Origin and sign-in are checked before a socket is accepted, but for API clients, who may name their access token in
 * `connection_init` instead: `{ "authorization": "Bearer …" }`. A socket is closed when the sign-in ends.
 */
export function createSocketIdentities(options: GraphqlEndpointOptions): SocketIdentities {
  const contexts = new WeakMap<IncomingMessage, GraphqlContext>();
  const unidentified = new Set<WebSocket>();
  const identify = (request: IncomingMessage, socket: WebSocket, principal: Principal, via: Via): void => {
    unidentified.delete(socket);
    contexts.set(request, { platform: options, principal, via: { ...via, surface: 'subscription' } });
    const close = (): void => socket.close(unauthorizedCode, 'Your sign-in ended: sign in again');
    principal.signal.addEventListener('abort', close, { once: true });
    socket.once('close', () => principal.signal.removeEventListener('abort', close));
  };
  return {
    contextOf: (request) => contexts.get(request),
    async admit(request) {
      const via = viaOf(request, 'upgrade', options);
      requireOrigin(request, options.origins);
      if (!(await isUnidentified(request, options))) {
        const principal = await requirePrincipal(request, via, options);
        return (socket) => identify(request, socket, principal, via);
      }
      if (unidentified.size >= mostUnidentified) throw tooManyUnidentified();
      return (socket) => {
        unidentified.add(socket);
        socket.once('close', () => unidentified.delete(socket));
      };
    },
    async connect(request, socket, payload) {
      if (contexts.has(request)) return true;
      const via = viaOf(request, 'upgrade', options);
      try {
        const token = bearerToken(payload['authorization'] ?? payload['Authorization']);
        if (token === undefined) throw unauthenticated('name an access token in connection_init', via, options);
        identify(request, socket, await requireTokenHolder(token, via, options), via);
        return true;
      } catch (error) {
        socket.close(unauthorizedCode, closeReason(presentError(error, options.log).message));
        return false;
      }
    },
  };
}

/** An API client without a header that says who it is: no browser, which names its origin and has nothing but cookies. */
async function isUnidentified(
  request: IncomingMessage,
  { principalOf }: Pick<GraphqlEndpointOptions, 'principalOf'>,
): Promise<boolean> {
  const { origin, authorization } = request.headers;
  return origin === undefined && authorization === undefined && (await principalOf(request)) === undefined;
}

function tooManyUnidentified() {
  return apiError('UNAVAILABLE', 'Too many connections have not said who they are yet: try again in a moment', {
    http: { status: 503, headers: { 'retry-after': '3' } },
  });
}

/** A close frame holds 123 bytes of text (RFC 6455, section 5.5). */
function closeReason(message: string): string {
  return Buffer.from(message, 'utf8')
    .subarray(0, 120)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}
