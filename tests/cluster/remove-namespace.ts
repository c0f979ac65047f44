import type { KubeObject, PersistentVolumeClaim } from '@vdi/kube';
import type { Kubectl } from './kubectl.ts';

const patienceMs = 180_000;

/**
 * Removes a namespace of the run with everything in it. Sessions go first, while their operator is there; homes are not
 * to be outlived by their volumes here, which the operator has set to be retained.
 */
export async function removeNamespace(kubectl: Kubectl, namespace: string): Promise<void> {
  if ((await kubectl.try(['get', 'namespace', namespace])).status !== 0) return;
  await removeSessions(kubectl, namespace);
  await removeHomes(kubectl, namespace);
  await kubectl.run(['delete', 'namespace', namespace, '--ignore-not-found', `--timeout=${patienceMs / 1_000}s`], {
    withinMs: patienceMs + 10_000,
  });
}

/** Through their operator; without one, by taking their finalizers, because a namespace would wait for those for ever. */
async function removeSessions(kubectl: Kubectl, namespace: string): Promise<void> {
  const gone = await kubectl.try(['delete', 'vdisessions', '--all', '-n', namespace, '--timeout=120s'], {
    withinMs: 130_000,
  });
  if (gone.status === 0) return;
  const { status, stdout } = await kubectl.try(['get', 'vdisessions', '-n', namespace, '--output=json']);
  // No definition, no sessions.
  if (status !== 0) return;
  for (const { metadata } of (JSON.parse(stdout) as { readonly items: readonly KubeObject[] }).items) {
    await kubectl.try([
      'patch',
      'vdisession',
      metadata.name ?? '',
      '-n',
      namespace,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":[]}}',
    ]);
  }
}

/** Claims with their volumes and, where the cluster's provisioner does that, the files on them. */
export async function removeHomes(kubectl: Kubectl, namespace: string, selector?: string): Promise<void> {
  const selected = selector === undefined ? [] : ['--selector', selector];
  const claims = await kubectl.list<PersistentVolumeClaim>(['persistentvolumeclaims', '-n', namespace, ...selected]);
  const volumes = claims.flatMap(({ spec }) => spec.volumeName ?? []);
  if (claims.length === 0) return;
  const names = claims.map(({ metadata }) => metadata.name ?? '');
  await kubectl.run(
    ['delete', 'persistentvolumeclaims', ...names, '-n', namespace, '--ignore-not-found', '--timeout=120s'],
    {
      withinMs: 130_000,
    },
  );
  for (const volume of volumes) await removeVolume(kubectl, volume);
}

/** The operator has set it to be retained: an administrator's way to say that nobody needs the files any more. */
async function removeVolume(kubectl: Kubectl, name: string): Promise<void> {
  const value = JSON.stringify({ spec: { persistentVolumeReclaimPolicy: 'Delete' } });
  await kubectl.try(['patch', 'persistentvolume', name, '--type=merge', '-p', value]);
  const reclaimed = await kubectl.try(['wait', '--for=delete', `persistentvolume/${name}`, '--timeout=30s'], {
    withinMs: 40_000,
  });
  // Nobody reclaims it: then only the object is left to remove, and the storage is whoever provided it's.
  if (reclaimed.status !== 0)
    await kubectl.run(['delete', 'persistentvolume', name, '--ignore-not-found', '--timeout=60s']);
}
