import { homeClaimName, userKey, type VDISession } from '@vdi/api';
import { keyOf, keyOfName, type ObjectKey } from '@vdi/controller';
import { hasEnded } from '@vdi/kube';
import type { AgentWatch } from '../agent/agent-watch.ts';
import type { OperatorSettings } from '../settings.ts';
import type { Caches } from '../caches.ts';
import { gpuSlicesOf } from './gpu-slices.ts';
import type { HostReservations } from './host-reservations.ts';
import { newestPod } from './incarnation.ts';
import { type HomeInput, namespaceOf, type SessionInput, uidOf } from './input.ts';
import { hostCandidates } from './session-host.ts';

export interface Sources {
  readonly caches: Caches;
  readonly settings: OperatorSettings;
  readonly hosts: HostReservations;
  readonly agents: Pick<AgentWatch, 'latest'>;
}

/** Everything about one session, from caches alone; undefined when it is gone or not ours to serve. */
export function gather(key: ObjectKey, { caches, settings, hosts, agents }: Sources): SessionInput | undefined {
  const session = caches.sessions.cache.get(key);
  if (session === undefined || !settings.namespaces.includes(namespaceOf(session))) return undefined;
  const uid = uidOf(session);
  const person = userKey(session.spec.user);
  const template = caches.templates.cache.get(session.spec.template);
  const pods = caches.pods.cache.by('owner', uid);
  const current = newestPod(pods);
  return {
    session,
    template,
    user: caches.users.cache.get(person),
    siblings: caches.sessions.cache
      .by('user', person)
      .filter((other) => uidOf(other) !== uid)
      .map((other) => ({ session: other, template: caches.templates.cache.get(other.spec.template) })),
    takenHosts: new Set(hostCandidates(session).filter((host) => isTaken(host, uid, { caches, hosts }))),
    pods,
    siblingPods: caches.pods.cache
      .by('user', person)
      .filter((pod) => pod.metadata.namespace === session.metadata.namespace && !pods.includes(pod)),
    home: homeInput(session, caches),
    sharedClaims: new Set(
      (template?.spec.persistence?.sharedVolumes ?? [])
        .map(({ claimName }) => claimName)
        .filter((name) => caches.claims.cache.get(keyOfName({ namespace: namespaceOf(session), name })) !== undefined),
    ),
    freeGpuSlices: freeGpuSlices(caches, settings.gpu.resourceName),
    agent: current?.metadata.uid === undefined ? undefined : agents.latest(current.metadata.uid),
    settings,
  };
}

function isTaken(host: string, uid: string, { caches, hosts }: Pick<Sources, 'caches' | 'hosts'>): boolean {
  return hosts.isTaken(host, uid) || caches.sessions.cache.by('host', host).some((other) => uidOf(other) !== uid);
}

function homeInput(session: VDISession, { claims, volumes, storageClasses }: Caches): HomeInput {
  const name = session.status?.homeClaim ?? homeClaimName(userKey(session.spec.user));
  const claimKey = keyOfName({ namespace: namespaceOf(session), name });
  const claim = claims.cache.get(claimKey);
  return {
    claim,
    volume: claim?.spec.volumeName === undefined ? undefined : volumes.cache.get(claim.spec.volumeName),
    formerVolumes: [...volumes.cache.by('claim', claimKey)].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)),
    storageClasses: storageClasses.cache.all(),
  };
}

/** Of all nodes together: which one fits is the scheduler's business. */
function freeGpuSlices({ nodes, pods }: Caches, resourceName: string): number {
  const all = nodes.cache
    .all()
    .filter(({ spec }) => spec?.unschedulable !== true)
    .reduce((sum, { status }) => sum + Number(status?.allocatable?.[resourceName] ?? 0), 0);
  if (all === 0) return 0;
  const held = pods.cache
    .all()
    .filter((pod) => !hasEnded(pod))
    .reduce((sum, pod) => sum + gpuSlicesOf(pod, resourceName), 0);
  return Math.max(0, all - held);
}
