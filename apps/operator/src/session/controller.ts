import { labels, userKey } from '@vdi/api';
import {
  type Controller,
  createController,
  keyOf,
  type ObjectKey,
  type Runtime,
  type Watch,
  watchMapped,
  watchObjects,
  watchOwned,
} from '@vdi/controller';
import type { KubeObject } from '@vdi/kube';
import type { AgentWatch } from '../agent/agent-watch.ts';
import type { Caches } from '../caches.ts';
import { resources } from '../objects/resources.ts';
import type { SessionPorts } from './pass-context.ts';
import { sessionReconciler } from './reconcile.ts';

export interface SessionControllerOptions {
  readonly ports: SessionPorts;
  readonly agents: AgentWatch;
}

/** How many sessions are worked on at once. */
const concurrency = 16;

/** Everything that wakes a session, and what is done then. */
export function createSessionController(runtime: Runtime, { ports, agents }: SessionControllerOptions): Controller {
  return createController(runtime, {
    name: 'session',
    watches: [...sessionWatches(ports.caches), (enqueue) => agents.onNews(enqueue)],
    reconcile: sessionReconciler(ports),
    concurrency,
    writer: ports.writes,
  });
}

function sessionWatches(caches: Caches): readonly Watch[] {
  const { sessions, templates, users, pods, claims, volumes, storageClasses } = caches;
  const children = [caches.configMaps, caches.services, caches.networkPolicies, caches.ingressRoutes];
  const by = (index: Parameters<typeof sessions.cache.by>[0], value: string): readonly ObjectKey[] =>
    sessions.cache.by(index, value).map(keyOf);
  return [
    watchObjects(sessions),
    // Quota, and who has the home, are decided among all sessions of a person.
    watchMapped(sessions, ({ spec }) => by('user', userKey(spec.user))),
    watchOwned(pods, resources.sessions),
    watchMapped(pods, ({ metadata }) => by('user', metadata.labels?.[labels.user] ?? '')),
    watchMapped(templates, ({ metadata }) => by('template', metadata.name)),
    watchMapped(users, ({ metadata }) => by('user', metadata.name)),
    watchMapped(claims, (claim) => [
      ...by('home', keyOf(claim)),
      ...by('wantsSharedVolume', claim.metadata.namespace ?? ''),
    ]),
    watchMapped(volumes, ({ spec }) => by('home', `${spec.claimRef?.namespace}/${spec.claimRef?.name}`)),
    watchMapped(storageClasses, () => sessions.cache.all().map(keyOf)),
    ...children.flatMap((reflector) =>
      reflector === undefined ? [] : [watchOwned<KubeObject>(reflector, resources.sessions)],
    ),
  ];
}
