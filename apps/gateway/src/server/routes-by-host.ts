import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { providerRoutes, sendPage } from '@vdi/identity';
import type { Logger } from '@vdi/telemetry';
import type { FastifyInstance } from 'fastify';
import type { Door } from '../door/door.ts';
import { ownPaths } from '../door/own-paths.ts';
import type { GraphqlEndpoint } from '../graphql/graphql-endpoint.ts';
import type { OpenedIdentity } from './identity-source.ts';
import { wrongHostPage } from './pages.ts';
import { securityHeaders, setHeaders } from './security-headers.ts';

export interface Destinations {
  readonly publicUrl: URL;
  readonly door: Door;
  /** Everything on the dashboard's host but the provider. */
  readonly app: FastifyInstance;
  /** Those of `app`: `GET /login`. */
  readonly routes: readonly string[];
  readonly graphql: GraphqlEndpoint;
  readonly identity: OpenedIdentity;
  readonly log: Logger;
}

export interface Routes {
  /** Everything that is answered, as `<where> <method> <path>`: what an account of who may reach what has to cover. */
  readonly surface: readonly string[];
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Sends each request to what answers for its host. A host that is not ours gets nothing else (DNS rebinding). */
export function routesByHost({ publicUrl, door, app, routes, graphql, identity, log }: Destinations): Routes {
  const headers = securityHeaders(publicUrl, identity.issuer);
  const isPublic = (host: string): boolean => host.toLowerCase() === publicUrl.host;
  const askProvider = (request: IncomingMessage, response: ServerResponse): void => {
    identity.provider?.handle(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'The OpenID provider failed');
      response.destroy();
    });
  };
  const isForProvider = ({ url }: IncomingMessage): boolean =>
    identity.provider !== undefined && url?.startsWith(`${identity.issuer.pathname}/`) === true;

  const upgrades: Readonly<Record<string, Routes['upgrade']>> = {
    '/graphql': (request, socket, head) => void graphql.upgrade(request, socket, head),
  };

  return {
    surface: [
      ...routes.map((route) => `dashboard ${route}`),
      ...(identity.provider === undefined ? [] : providerRoutes.map((route) => `provider ${route}`)),
      ...Object.values(ownPaths).map((path) => `door GET ${path}`),
      ...Object.keys(upgrades).map((path) => `dashboard UPGRADE ${path}`),
      'door * /*',
      'door UPGRADE /*',
    ],
    handle(request, response) {
      const { host = '' } = request.headers;
      if (door.isSessionHost(host)) {
        void door.handle(request, response);
        return;
      }
      setHeaders(response, headers);
      if (!isPublic(host)) sendPage(response, wrongHostPage(host, publicUrl));
      else if (isForProvider(request)) askProvider(request, response);
      else app.routing(request, response);
    },
    upgrade(request, socket, head) {
      const { host = '' } = request.headers;
      const upgrade = isPublic(host) ? upgrades[request.url ?? ''] : undefined;
      if (door.isSessionHost(host)) void door.upgrade(request, socket, head);
      else if (upgrade !== undefined) upgrade(request, socket, head);
      else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    },
  };
}
