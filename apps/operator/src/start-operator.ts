import {
  type Clock,
  createEventRecorder,
  type ElectionOptions,
  nameOfKey,
  type Runtime,
  startManager,
  systemClock,
} from '@vdi/controller';
import type { Fetch, KubeClient } from '@vdi/kube';
import type { Logger, Metrics } from '@vdi/telemetry';
import { type AgentClient, createAgentClient } from './agent/agent-client.ts';
import { AgentWatch } from './agent/agent-watch.ts';
import { allReflectors, createCaches } from './caches.ts';
import { createSessionController } from './session/controller.ts';
import type { PublicKeySet } from './session/desired/secret.ts';
import { HostReservations } from './session/host-reservations.ts';
import { KeyedLock } from './session/keyed-lock.ts';
import { SessionEvents } from './session/session-events.ts';
import { SessionWrites } from './session/session-writes.ts';
import { StatusPublisher } from './session/status-publisher.ts';
import type { OperatorSettings } from './settings.ts';
import { createTemplateController } from './template/controller.ts';
import { createUserController } from './user/controller.ts';

export interface OperatorOptions {
  readonly kube: KubeClient;
  readonly settings: OperatorSettings;
  /**
   * The public keys of whoever signs session tickets, as a JSON Web Key Set. Asked before each start of a desktop, whose
   * Secret carries them. The private half never comes here.
   */
  readonly ticketKeys: () => Promise<PublicKeySet>;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Reaches agents in Pods. Default: the global `fetch`. */
  readonly fetch?: Fetch;
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Left out: this process is the only one, and leads. */
  readonly election?: ElectionOptions;
  /** In place of asking agents over HTTP. */
  readonly agents?: AgentClient;
}

/** The operator at work. Disposing of it stops it; what it made stays. */
export interface Operator extends AsyncDisposable {
  /** Resolves when caches are synced, leadership is won and controllers work. */
  readonly running: Promise<void>;
  /** Resolves when another one leads: end the process. */
  readonly lost: Promise<Error>;
  /** Resolves when no controller works on anything; what waits for a later time does not count. */
  whenIdle(): Promise<void>;
}

/** Starts all controllers over one API. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const { kube, settings, log, metrics, clock = systemClock, random = Math.random } = options;
  const runtime: Runtime = { kube, clock, random, logger: log, metrics };
  const caches = await createCaches(runtime, settings.namespaces);
  const writes = new SessionWrites({ runtime, caches, ticketKeys: options.ticketKeys, newToken });
  const client =
    options.agents ?? createAgentClient({ fetch: options.fetch ?? fetch, clock, settings: settings.agent });
  const agents = new AgentWatch({
    client,
    tokenOf: (key) => writes.agentToken(nameOfKey(key)),
    clock,
    settings: settings.agent,
    log,
  });
  const recorder = createEventRecorder(runtime, { component: 'vdi-operator' });
  const events = new SessionEvents(recorder);
  const ports = {
    caches,
    settings,
    agents,
    writes,
    publisher: new StatusPublisher(writes, clock, events),
    events,
    hosts: new HostReservations(),
    homes: new KeyedLock(),
    losses: new Map<string, number>(),
    hasRoutes: caches.ingressRoutes !== undefined,
    clock,
    log,
  };
  const controllers = [
    createSessionController(runtime, { ports, agents }),
    createUserController(runtime, caches, settings),
    createTemplateController(runtime, caches, settings),
  ];
  const manager = startManager(runtime, {
    reflectors: allReflectors(caches),
    controllers,
    ...(options.election && { election: options.election }),
  });
  return {
    running: manager.running,
    lost: manager.lost,
    async whenIdle() {
      await Promise.all(controllers.map((controller) => controller.whenIdle()));
    },
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]();
      await recorder[Symbol.asyncDispose]();
      agents[Symbol.dispose]();
    },
  };
}

/** The bearer between operator and agent: 256 random bits. */
function newToken(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url');
}
