import type { Logger } from '@vdi/telemetry';
import { Catalog } from './catalog/catalog.ts';
import { type Clock, systemClock } from './clock.ts';
import { startGarbageCollector } from './gc/garbage-collector.ts';
import type { PodLogsQuery, Server, User } from './http/call.ts';
import { handleRequest } from './http/handle-request.ts';
import { handleUpgrade } from './http/handle-upgrade.ts';
import type { PodExecQuery } from './http/pod-exec.ts';
import { RequestCounts } from './http/metrics.ts';
import { startDefinitionLifecycle } from './lifecycle/definition-lifecycle.ts';
import { startNamespaceLifecycle } from './lifecycle/namespace-lifecycle.ts';
import { randomIdentifiers } from './registry/identifiers.ts';
import { objectKey } from './registry/object-ref.ts';
import type { Identifiers, Registry } from './registry/registry.ts';
import { createObject } from './registry/create.ts';
import { builtinResources } from './resource/builtin-resources.ts';
import { type Retention, startCompaction } from './storage/compaction.ts';
import type { RevisionLog } from './storage/revision-log.ts';
import { systemNamespaces } from './strategy/namespace.ts';

export interface ApiServerOptions {
  /** Stays the caller's: dispose it after the server. */
  readonly log: RevisionLog;
  readonly logger: Logger;
  /** Who sends a request; undefined is 401. Everybody who is authenticated may do everything. */
  readonly authenticate: (request: Request) => Promise<User | undefined> | User | undefined;
  readonly clock?: Clock;
  /** Answers `kubectl logs`; without it that is 501. */
  readonly podLogs?: (query: PodLogsQuery) => Promise<Response>;
  /** Whether the caller connects clients of `pods/exec` by `upgrade`; without it that is 501. */
  readonly servesExec?: boolean;
  /** UIDs and the ends of generated names; random unless a test wants to choose. */
  readonly identifiers?: Identifiers;
  /** How long and how many changes are kept for watchers that come back. */
  readonly retention?: Partial<Retention>;
}

/** A Kubernetes API in this process. */
export interface ApiServer extends AsyncDisposable {
  /** Answers any request of the Kubernetes API; never rejects. Abort the request, or cancel the body, to end a watch. */
  readonly fetch: (request: Request) => Promise<Response>;
  /**
   * Whether a request to change to WebSockets may, and what it then asks for; or why not. Never rejects. Connecting is
   * the caller's, who has the socket.
   */
  readonly upgrade: (request: Request) => Promise<PodExecQuery | Response>;
}

/**
 * Starts an API server over a log: makes the system namespaces, and goes on with what an earlier server on the same log
 * had begun (deletion of namespaces and definitions, garbage collection).
 */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { log, logger, authenticate, podLogs, servesExec = false } = options;
  const { clock = systemClock, identifiers = randomIdentifiers } = options;
  const catalog = new Catalog(log, builtinResources());
  const registry: Registry = { log, clock, catalog, identifiers };
  for (const name of systemNamespaces) ensureNamespace(registry, name);
  const running = new DisposableStack();
  running.use(catalog);
  running.use(startCompaction(log, clock, logger, options.retention));
  running.use(startNamespaceLifecycle(registry, logger));
  running.use(startDefinitionLifecycle(registry, logger));
  running.use(startGarbageCollector(registry, logger));
  const server: Server = {
    registry,
    logger,
    authenticate,
    podLogs,
    servesExec,
    watchers: new Set(),
    counts: new RequestCounts(),
    health: { storageFailure: undefined },
  };
  running.defer(log.subscribe(() => (server.health.storageFailure = undefined)));
  return {
    fetch: (request) => handleRequest(server, request),
    upgrade: (request) => handleUpgrade(server, request),
    async [Symbol.asyncDispose]() {
      for (const watcher of server.watchers) watcher.end();
      running.dispose();
    },
  };
}

function ensureNamespace(registry: Registry, name: string): void {
  const resource = registry.catalog.find('', 'v1', 'namespaces');
  if (resource === undefined) throw new Error('The built-in resources have no namespaces');
  if (registry.log.get(objectKey({ resource, namespace: '', name })) !== undefined) return;
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  createObject(registry, { resource, namespace: '' }, namespace, {
    dryRun: false,
    fieldManager: 'vdi-apiserver',
    fieldValidation: 'Ignore',
    duplicateFields: [],
    warn: () => undefined,
  });
}
