import {
  annotations,
  homeClaimName,
  labels,
  managerName,
  userKey,
  type VDISession,
  type VDITemplate,
  type VDIUser,
} from '@vdi/api';
import {
  byLabel,
  byOwnerUid,
  createNamespacedReflector,
  createReflector,
  type ManagerOptions,
  type Reflector,
  type Runtime,
} from '@vdi/controller';
import type {
  ConfigMap,
  KubeObject,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  StorageClass,
} from '@vdi/kube';
import { resources } from './objects/resources.ts';
import { hasReason } from './session/conclusion.ts';

/**
 * What the operator knows of the cluster, kept current by watches. Secrets are never listed, and nothing of Kubernetes' own
 * in other namespaces than those of sessions.
 */
export interface Caches {
  readonly sessions: Reflector<VDISession, 'user' | 'template' | 'host' | 'home' | 'wantsSharedVolume'>;
  readonly templates: Reflector<VDITemplate>;
  readonly users: Reflector<VDIUser>;
  readonly pods: Reflector<Pod, 'owner' | 'user'>;
  readonly claims: Reflector<PersistentVolumeClaim, 'user'>;
  readonly volumes: Reflector<PersistentVolume, 'claim'>;
  readonly storageClasses: Reflector<StorageClass>;
  readonly nodes: Reflector<Node>;
  readonly configMaps: Reflector<ConfigMap, 'owner'>;
  readonly services: Reflector<KubeObject, 'owner'>;
  readonly networkPolicies: Reflector<KubeObject, 'owner'>;
  /** Undefined where Traefik's CRDs are not served. */
  readonly ingressRoutes: Reflector<KubeObject, 'owner'> | undefined;
}

export async function createCaches(runtime: Runtime, namespaces: readonly string[]): Promise<Caches> {
  // Everything that we make bears this label, so that nobody else's objects fill the memory.
  const selection = { labelSelector: `${labels.managedBy}=${managerName}` };
  const ours = { namespaces, selection, indexes: { owner: byOwnerUid } };
  const hasRoutes = await runtime.kube.isServed(resources.ingressRoutes);
  return {
    sessions: createReflector(runtime, {
      resource: resources.sessions,
      indexes: {
        user: ({ spec }) => [userKey(spec.user)],
        template: ({ spec }) => [spec.template],
        host: ({ status }) => (status?.host === undefined ? [] : [status.host]),
        home: (session) => [homeKey(session)],
        wantsSharedVolume: ({ metadata, status }) =>
          hasReason(status?.conditions, 'HomeReady', 'SharedVolumeNotFound') ? [metadata.namespace ?? ''] : [],
      },
    }),
    templates: createReflector(runtime, { resource: resources.templates }),
    users: createReflector(runtime, { resource: resources.users }),
    pods: createNamespacedReflector(runtime, {
      namespaces,
      resource: resources.pods,
      selection,
      indexes: { owner: byOwnerUid, user: byLabel(labels.user) },
    }),
    // All of them: a home may have been made by hand, and shared volumes always are.
    claims: createNamespacedReflector(runtime, {
      namespaces,
      resource: resources.claims,
      indexes: {
        user: ({ metadata }) => {
          const owner = metadata.annotations?.[annotations.user];
          return owner === undefined ? [] : [userKey(owner)];
        },
      },
    }),
    volumes: createReflector(runtime, { resource: resources.volumes, indexes: { claim: claimOfVolume } }),
    storageClasses: createReflector(runtime, { resource: resources.storageClasses }),
    nodes: createReflector(runtime, { resource: resources.nodes }),
    configMaps: createNamespacedReflector(runtime, { resource: resources.configMaps, ...ours }),
    services: createNamespacedReflector(runtime, { resource: resources.services, ...ours }),
    networkPolicies: createNamespacedReflector(runtime, { resource: resources.networkPolicies, ...ours }),
    ingressRoutes: hasRoutes
      ? createNamespacedReflector(runtime, { resource: resources.ingressRoutes, ...ours })
      : undefined,
  };
}

/** `namespace/name` of the claim of the user's home, whether or not the session mounts it. */
function homeKey({ metadata, spec, status }: VDISession): string {
  return `${metadata.namespace}/${status?.homeClaim ?? homeClaimName(userKey(spec.user))}`;
}

/** `namespace/name` of the claim that a volume is, or was, bound to. */
function claimOfVolume({ spec: { claimRef } }: PersistentVolume): readonly string[] {
  return claimRef?.name === undefined ? [] : [`${claimRef.namespace}/${claimRef.name}`];
}

/** What the manager runs. */
export function allReflectors(caches: Caches): readonly ManagerOptions['reflectors'][number][] {
  return Object.values(caches).filter((reflector) => reflector !== undefined);
}
