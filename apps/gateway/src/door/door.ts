import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { UserError, type VDISession } from '@vdi/api';
import type { TicketSigner } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { Principal } from '../auth/principal.ts';
import type { SignInSessions } from '../auth/sign-in-sessions.ts';
import type { Authorizer } from '../authorize/authorize.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type AddressOf, peerAddress } from '../server/client-address.ts';
import { createGatewayMetrics, type GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { DoorAnswer } from './answer.ts';
import { createDoorCookies } from './door-cookies.ts';
import { createLiveAccesses } from './live-accesses.ts';
import { createOneTimeCodes } from './one-time-codes.ts';
import { ownPaths } from './own-paths.ts';
import { createResumer } from './resume.ts';
import { serveRequest, serveUpgrade, type ServingDeps, serveVerify } from './serve.ts';
import { sessionHosts } from './session-host.ts';
import { type UpstreamLimits, upstreamLimits } from './upstream-request.ts';

export interface DoorOptions {
  readonly catalog: Catalog;
  readonly authorizer: Authorizer;
  readonly kube: KubeClient;
  readonly signer: TicketSigner;
  /** Where people reach the dashboard; sessions are one label below it. */
  readonly publicUrl: URL;
  now(): Date;
  readonly log: Logger;
  /** Default: nobody reads what is counted. */
  readonly metrics?: GatewayMetrics;
  readonly limits?: UpstreamLimits;
  /** Whose request it is. Default: that of whoever is connected. */
  readonly addressOf?: AddressOf;
  /** 256 random bits that seal cookies. */
  readonly cookieKey: Buffer;
  /** By which cookies of before a restart find their sign-in. */
  readonly signIns: Pick<SignInSessions, 'textOf' | 'findByText'>;
}

/** The way into desktops: a reverse proxy that knows who may reach which, and vouches for them with tickets. */
export interface Door extends Disposable {
  /** Whether a `Host` header names a session's host, existing or not: then `handle` and `upgrade` are to answer. */
  isSessionHost(host: string | undefined): boolean;
  /** Answers every request to a session's host; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Answers every upgrade there; resolves when the connection has ended; never rejects. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /**
   * An address that lets this person in, once, within 30 seconds. The caller has authorised `session.open`.
   *
   * @throws UserError `NOT_READY` while the session has no host name yet.
   */
  open(principal: Principal, session: VDISession): Promise<{ readonly url: string }>;
  /**
   * The same decision for Traefik's ForwardAuth: 200 with `X-Vdi-Ticket`, or the answer that the browser is to get. Its
   * `X-Forwarded-*` headers are believed, so only Traefik may reach it.
   */
  verify(request: IncomingMessage): Promise<DoorAnswer>;
}

export function createDoor(options: DoorOptions): Door {
  const { catalog, authorizer, kube, signer, publicUrl, log } = options;
  const now = (): Date => options.now();
  const hosts = sessionHosts(publicUrl);
  const codes = createOneTimeCodes<Principal>(now);
  const metrics = options.metrics ?? createGatewayMetrics();
  const deps: ServingDeps = {
    metrics,
    catalog,
    authorizer,
    hosts,
    codes,
    signer,
    log,
    cookies: createDoorCookies({ ...options, name: hosts.cookieName, now }),
    resumer: createResumer({ kube, authorizer }),
    accesses: createLiveAccesses({ catalog, authorizer, metrics, now }),
    limits: options.limits ?? upstreamLimits,
    addressOf: options.addressOf ?? peerAddress,
    protocol: publicUrl.protocol === 'https:' ? 'https' : 'http',
  };
  return {
    isSessionHost: (host) => hosts.labelOf(host) !== undefined,
    handle: (request, response) => serveRequest(request, response, deps),
    upgrade: (request, socket, head) => serveUpgrade(request, socket, head, deps),
    verify: (request) => serveVerify(request, deps),
    async open(principal, session) {
      const label = session.status?.host;
      const { namespace = '', name, uid = '' } = session.metadata;
      if (label === undefined) throw notReady(namespace, name);
      const code = codes.issue({ principal, session: uid, label });
      return { url: `${hosts.originOf(label)}${ownPaths.enter}?code=${code}` };
    },
    [Symbol.dispose]: () => deps.accesses[Symbol.dispose](),
  };
}

function notReady(namespace: string, name: string): UserError {
  return new UserError('NOT_READY', {
    what: `Session "${namespace}/${name}" cannot be opened yet`,
    why: 'the operator has not given it a host name',
    whatToDo: 'Try again in a moment; if it stays so, look at the conditions of the session',
  });
}
