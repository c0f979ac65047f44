import {
  applicationName,
  labels,
  normalizeUser,
  userKey,
  type VDISession,
  vdiSession,
  type VDITemplate,
  vdiTemplate,
  type VDIUser,
  vdiUser,
} from '@vdi/api';
import { type Clock, createReflector, keyOfName, type Reflector, type Runtime } from '@vdi/controller';
import { builtinResources, type KubeClient, resourceOf, type UntypedObject } from '@vdi/kube';
import { createMetrics, type Logger, type Metrics } from '@vdi/telemetry';
import type { Catalog, SessionChange } from './catalog.ts';
import { type DesktopsReachedBy, endpointOf, readPod } from './pod-endpoint.ts';
import { SessionListeners } from './session-listeners.ts';

export interface CatalogOptions {
  readonly kube: KubeClient;
  readonly namespaces: readonly string[];
  readonly desktopsReachedBy: DesktopsReachedBy;
  readonly clock: Clock;
  readonly log: Logger;
  /** Where the watches count themselves. Default: nowhere. */
  readonly metrics?: Metrics;
}

type SessionIndex = 'host';

interface Reflectors {
  readonly sessions: ReadonlyMap<string, Reflector<VDISession, SessionIndex>>;
  readonly pods: ReadonlyMap<string, Reflector<UntypedObject>>;
  readonly templates: Reflector<VDITemplate>;
  readonly users: Reflector<VDIUser>;
}

/** Starts to watch at once, and keeps at it while the server is away; `synced` tells when the catalog is whole. */
export function startCatalog(options: CatalogOptions): Catalog {
  const { kube, clock, log: logger, namespaces, desktopsReachedBy } = options;
  const runtime = { kube, clock, random: Math.random, logger, metrics: options.metrics ?? createMetrics() };
  const reflectors = createReflectors(runtime, namespaces);
  const all = [...reflectors.sessions.values(), ...reflectors.pods.values(), reflectors.templates, reflectors.users];
  const listeners = new SessionListeners(clock, logger);
  for (const reflector of reflectors.sessions.values()) {
    reflector.onChange(({ type, object }) => listeners.tell({ type, session: object }));
  }
  const synced = Promise.all(all.map((reflector) => reflector.synced)).then(() => undefined);
  // Nobody has to wait for it.
  synced.catch(() => undefined);
  for (const reflector of all) reflector.start();
  return {
    namespaces,
    synced,
    ...readers(reflectors),
    subscribe: (listener: (change: SessionChange) => void) => listeners.add(listener),
    until: (condition, timeoutMs) => listeners.until(condition, timeoutMs),
    async podEndpoint(session) {
      const { namespace = '' } = session.metadata;
      const name = session.status?.podName;
      if (name === undefined) return undefined;
      const cached = reflectors.pods.get(namespace)?.cache.get(keyOfName({ namespace, name }));
      const pod = cached ?? (await readPod(kube, namespace, name));
      return pod && endpointOf(session, pod, desktopsReachedBy);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((reflector) => reflector[Symbol.asyncDispose]()));
    },
  };
}

function createReflectors(runtime: Runtime, namespaces: readonly string[]): Reflectors {
  const sessions = resourceOf<VDISession>(vdiSession);
  const indexes = { host: ({ status }: VDISession) => (status?.host === undefined ? [] : [status.host]) };
  const podLabels = `${labels.name}=${applicationName}`;
  return {
    sessions: new Map(
      namespaces.map((namespace) => [
        namespace,
        createReflector(runtime, { resource: sessions, selection: { namespace }, indexes }),
      ]),
    ),
    pods: new Map(
      namespaces.map((namespace) => [
        namespace,
        createReflector(runtime, {
          resource: builtinResources.pods,
          selection: { namespace, labelSelector: podLabels },
        }),
      ]),
    ),
    templates: createReflector(runtime, { resource: resourceOf<VDITemplate>(vdiTemplate) }),
    users: createReflector(runtime, { resource: resourceOf<VDIUser>(vdiUser) }),
  };
}

function readers({
  sessions,
  templates,
  users,
}: Reflectors): Pick<Catalog, 'sessions' | 'session' | 'sessionAtHost' | 'templates' | 'template' | 'users' | 'user'> {
  const namespaces = [...sessions.values()];
  return {
    sessions: () => namespaces.flatMap(({ cache }) => cache.all()),
    session: (namespace, name) => sessions.get(namespace)?.cache.get(keyOfName({ namespace, name })),
    sessionAtHost: (host) => namespaces.flatMap(({ cache }) => cache.by('host', host)).at(0),
    templates: () => templates.cache.all(),
    template: (name) => templates.cache.get(name),
    users: () => users.cache.all(),
    user: (name) => {
      const found = users.cache.get(userKey(name));
      // The name of the object says whose it should be; the spec says whose it is.
      return found !== undefined && normalizeUser(found.spec.user) === normalizeUser(name) ? found : undefined;
    },
  };
}
