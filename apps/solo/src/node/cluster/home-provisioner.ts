import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventRecorder, Reflector } from '@vdi/controller';
import {
  isAlreadyExists,
  type KubeClient,
  type PersistentVolume,
  type PersistentVolumeClaim,
  type Pod,
  type StorageClass,
  typedResources,
} from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';

/** The storage class of homes. */
const homesClass = 'vdi-homes';
const provisionerName = 'vdi.kasm.io/homes';
const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';

export interface ProvisionerOptions {
  readonly kube: KubeClient;
  readonly log: Logger;
  readonly recorder: EventRecorder;
  /** Where homes lie; nothing here is ever deleted by us. */
  readonly homesFolder: string;
  readonly nodeName: string;
  readonly claims: Reflector<PersistentVolumeClaim>;
  readonly volumes: Reflector<PersistentVolume>;
  readonly pods: Reflector<Pod>;
  readonly classes: Reflector<StorageClass>;
}

/** Makes a folder and a PersistentVolume for every claim of our class that a Pod uses, and binds the two. */
export async function startHomeProvisioner(options: ProvisionerOptions): Promise<AsyncDisposable> {
  const { kube, log, claims, pods, volumes } = options;
  mkdirSync(options.homesFolder, { recursive: true, mode: 0o711 });
  await createClass(kube);
  let last: Promise<void> = Promise.resolve();
  let isQueued = false;
  const look = (): void => {
    if (isQueued) return;
    isQueued = true;
    last = last
      .then(async () => {
        isQueued = false;
        for (const claim of claims.cache.all()) await provision(options, claim);
        for (const volume of volumes.cache.all()) await release(options, volume);
      })
      .catch((error: unknown) => log.warn({ err: error }, 'Could not provision a home'));
  };
  const stops = [claims.onChange(look), pods.onChange(look), volumes.onChange(look)];
  look();
  return {
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      await last;
    },
  };
}

/** Delivered with the node, and left alone if an administrator changed it. */
async function createClass(kube: KubeClient): Promise<void> {
  const storageClass = {
    metadata: { name: homesClass, annotations: { [defaultClassAnnotation]: 'true' } },
    provisioner: provisionerName,
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  };
  await kube.create(typedResources.storageClasses, storageClass).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
  });
}

async function provision(options: ProvisionerOptions, claim: PersistentVolumeClaim): Promise<void> {
  if (claim.metadata.deletionTimestamp !== undefined || claim.status?.phase === 'Bound') return;
  if (!isOurs(options, claim)) return;
  if (claim.spec.volumeName !== undefined) {
    const volume = options.volumes.cache.get(claim.spec.volumeName);
    if (volume !== undefined && isFor(volume, claim)) await bind(options, claim, volume);
    return;
  }
  if (!hasConsumer(options, claim)) return;
  const volume = await createVolume(options, claim);
  await bind(options, claim, volume);
  options.recorder.record(claim, {
    type: 'Normal',
    reason: 'ProvisioningSucceeded',
    message: `Successfully provisioned volume ${volume.metadata.name}`,
  });
}

function isOurs({ classes }: ProvisionerOptions, { spec }: PersistentVolumeClaim): boolean {
  const name =
    spec.storageClassName ??
    classes.cache.all().find(({ metadata }) => metadata.annotations?.[defaultClassAnnotation] === 'true')?.metadata
      .name;
  return name !== undefined && classes.cache.get(name)?.provisioner === provisionerName;
}

function hasConsumer({ pods }: ProvisionerOptions, { metadata }: PersistentVolumeClaim): boolean {
  return pods.cache
    .all()
    .some(
      (pod) =>
        pod.metadata.namespace === metadata.namespace &&
        (pod.spec.nodeName ?? '') !== '' &&
        (pod.spec.volumes ?? []).some(
          ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === metadata.name,
        ),
    );
}

/**
 * The folder bears the claim's name, so that a person finds it, and its UID, so that a later claim of the same name never
 * gets an earlier one's files.
 */
async function createVolume(options: ProvisionerOptions, claim: PersistentVolumeClaim): Promise<PersistentVolume> {
  const { name = '', namespace = '', uid = '' } = claim.metadata;
  const path = join(options.homesFolder, `${namespace}_${name}_${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const volume = {
    metadata: {
      name: `pvc-${uid}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': provisionerName },
    },
    spec: {
      storageClassName: claim.spec.storageClassName ?? homesClass,
      capacity: { storage: claim.spec.resources?.requests?.['storage'] ?? '1Gi' },
      accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
      volumeMode: 'Filesystem',
      persistentVolumeReclaimPolicy: 'Retain' as const,
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      hostPath: { path, type: 'Directory' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [options.nodeName] }] },
          ],
        },
      },
    },
  };
  try {
    return await options.kube.create(typedResources.volumes, volume);
  } catch (error) {
    // Made by an earlier pass that ended before it could bind.
    if (isAlreadyExists(error)) return await options.kube.get(typedResources.volumes, { name: volume.metadata.name });
    throw error;
  }
}

const isFor = ({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean =>
  spec.claimRef?.uid === undefined
    ? spec.claimRef?.name === metadata.name && spec.claimRef?.namespace === metadata.namespace
    : spec.claimRef.uid === metadata.uid;

/** A home whose claim is gone stays, with its files, until an administrator decides. */
async function release({ kube, claims }: ProvisionerOptions, volume: PersistentVolume): Promise<void> {
  const { claimRef } = volume.spec;
  if (volume.status?.phase !== 'Bound' || claimRef?.uid === undefined) return;
  if (volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] !== provisionerName) return;
  if (claims.cache.get(`${claimRef.namespace}/${claimRef.name}`)?.metadata.uid === claimRef.uid) return;
  const name = volume.metadata.name ?? '';
  const value = { status: { phase: 'Released' } };
  await kube.patch(typedResources.volumes, { name }, { type: 'merge', value }, { subresource: 'status' });
}

async function bind(
  { kube }: ProvisionerOptions,
  claim: PersistentVolumeClaim,
  volume: PersistentVolume,
): Promise<void> {
  const { name = '', namespace = '', uid = '' } = claim.metadata;
  const volumeName = volume.metadata.name ?? '';
  if (claim.spec.volumeName === undefined) {
    const value = {
      metadata: { uid, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
      spec: { volumeName },
    };
    await kube.patch(typedResources.claims, { namespace, name }, { type: 'merge', value });
  }
  // Given back by an administrator, it names its claim without the UID; from now on it belongs to this one.
  if (volume.spec.claimRef?.uid === undefined) {
    const value = { spec: { claimRef: { uid } } };
    await kube.patch(typedResources.volumes, { name: volumeName }, { type: 'merge', value });
  }
  await kube.patch(
    typedResources.volumes,
    { name: volumeName },
    { type: 'merge', value: { status: { phase: 'Bound' } } },
    { subresource: 'status' },
  );
  const status = { phase: 'Bound', accessModes: volume.spec['accessModes'], capacity: volume.spec['capacity'] };
  await kube.patch(
    typedResources.claims,
    { namespace, name },
    { type: 'merge', value: { metadata: { uid }, status } },
    { subresource: 'status' },
  );
}
