import {
  annotations,
  formatQuantity,
  isTrue,
  labels,
  managerName,
  parseQuantity,
  userKey,
  type VDISession,
} from '@vdi/api';
import type { PersistentVolumeClaim, StorageClass } from '@vdi/kube';
import type { HomeSettings } from '../../settings.ts';
import { type HomeInput, namespaceOf } from '../input.ts';
import type { WantedHome } from '../wanted-desktop.ts';

/**
 * The home. It has no owner: it outlives every session, and nothing but a person deletes it. What an existing claim says
 * is kept, except that it may grow.
 */
export function desiredHomeClaim(
  session: VDISession,
  wanted: WantedHome,
  home: HomeInput,
  settings: HomeSettings,
): PersistentVolumeClaim {
  const { claim } = home;
  const storageClassName = claim?.spec.storageClassName ?? classOfNewHome(wanted, home.storageClasses, settings);
  // Noted once the desktop is ready, so that it costs a start nothing; until then the volume's own claimRef tells.
  const isReady = isTrue(session.status?.conditions, 'Ready');
  const boundVolume =
    claim?.metadata.annotations?.[annotations.homeVolume] ?? (isReady ? claim?.spec.volumeName : undefined);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: wanted.claimName,
      namespace: namespaceOf(session),
      labels: { [labels.managedBy]: managerName, [labels.user]: userKey(session.spec.user) },
      annotations: {
        [annotations.user]: session.spec.user,
        ...(boundVolume === undefined ? {} : { [annotations.homeVolume]: boundVolume }),
      },
    },
    spec: {
      accessModes: claim?.spec.accessModes ?? [settings.accessMode],
      ...(storageClassName === undefined ? {} : { storageClassName }),
      resources: { requests: { storage: claimSize(wanted, home) } },
    },
  };
}

/** Undefined leaves the choice to the cluster's default class. */
export function classOfNewHome(
  { storageClassName }: WantedHome,
  classes: readonly StorageClass[],
  settings: HomeSettings,
): string | undefined {
  if (storageClassName !== undefined) return storageClassName;
  return classes.find(({ metadata }) => metadata.name === settings.storageClassName)?.metadata.name;
}

/** Kubernetes lets a claim grow where its class allows it, and never shrink. */
function claimSize({ sizeBytes }: WantedHome, { claim, storageClasses }: HomeInput): string {
  const present = claim?.spec.resources?.requests?.['storage'];
  const wanted = formatQuantity(sizeBytes, 'bytes');
  if (present === undefined) return wanted;
  const mayGrow = storageClasses.some(
    ({ metadata, allowVolumeExpansion }) =>
      metadata.name === claim?.spec.storageClassName && allowVolumeExpansion === true,
  );
  return mayGrow && sizeBytes > parseQuantity(present) ? wanted : String(present);
}
