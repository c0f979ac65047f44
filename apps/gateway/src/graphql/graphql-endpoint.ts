import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@vdi/telemetry';
import type { FastifyInstance } from 'fastify';
import type { AddressOf } from '../server/client-address.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { Principal } from '../auth/principal.ts';
import type { Platform } from './graphql-context.ts';
import { createGraphqlSocket } from './graphql-socket.ts';
import { handleGraphqlRequests } from './graphql-requests.ts';

export interface GraphqlEndpointOptions extends Platform {
  /** Whose cookie the request carries; undefined for strangers. */
  principalOf(request: IncomingMessage): Promise<Principal | undefined>;
  /**
   * Whose access token it is. Throws `TokenError` for one that is not valid, `UserError` for somebody who may not sign in.
   * Left out: no token is accepted.
   */
  principalOfToken?(token: string): Promise<Principal>;
  /** Origins whose pages may use the API, such as `http://localhost:8080`. */
  readonly origins: readonly string[];
  /** Whose request it is, for the audit. */
  readonly addressOf: AddressOf;
  /** Default: nobody reads what is counted. */
  readonly metrics?: GatewayMetrics;
  readonly log: Logger;
}

export interface GraphqlEndpoint extends AsyncDisposable {
  /** Takes over an upgrade on `/graphql`: checks origin and sign-in, then serves subscriptions. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

/** Adds `POST /graphql` to the server; whoever owns its upgrades hands those on `/graphql` over. */
export async function registerGraphql(app: FastifyInstance, options: GraphqlEndpointOptions): Promise<GraphqlEndpoint> {
  await app.register((scope) => handleGraphqlRequests(scope, options));
  return createGraphqlSocket(options);
}
