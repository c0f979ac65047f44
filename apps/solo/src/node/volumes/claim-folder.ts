import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { keyOfName, type Reflector } from '@vdi/controller';
import type { PersistentVolume, PersistentVolumeClaim } from '@vdi/kube';
import { VolumeError } from './volume-error.ts';

export interface ClaimFolderOptions {
  readonly claims: Pick<Reflector<PersistentVolumeClaim>, 'cache'>;
  readonly volumes: Pick<Reflector<PersistentVolume>, 'cache'>;
  /** Only folders directly in here are ever mounted. */
  readonly homesFolder: string;
}

/** The folder of a claim that is bound. Throws `VolumeError` with what is still missing. */
export function claimFolder(
  { claims, volumes, homesFolder }: ClaimFolderOptions,
  namespace: string,
  claimName: string,
): string {
  const claim = claims.cache.get(keyOfName({ namespace, name: claimName }));
  if (claim === undefined) {
    throw new VolumeError(`persistentvolumeclaim "${claimName}" not found; create it in the namespace ${namespace}`);
  }
  const volume = volumes.cache.get(claim.spec.volumeName ?? '');
  if (claim.status?.phase !== 'Bound' || volume === undefined) {
    throw new VolumeError(`persistentvolumeclaim "${claimName}" is not bound yet`);
  }
  if (volume.spec.claimRef?.uid !== undefined && volume.spec.claimRef.uid !== claim.metadata.uid) {
    throw new VolumeError(`volume "${volume.metadata.name}" belongs to another claim`);
  }
  const path = volume.spec.hostPath?.path;
  // Compared before it is mounted, links resolved: a volume written by hand must not open the rest of the machine.
  if (path === undefined || dirname(path) !== homesFolder) {
    throw new VolumeError(
      `volume "${volume.metadata.name}" is not one of this node's homes, which lie in ${homesFolder}`,
    );
  }
  if (!existsSync(path)) {
    throw new VolumeError(`the home ${path} is gone from the disk; restore it from a backup before its owner starts`);
  }
  if (dirname(realpathSync(path)) !== realpathSync(homesFolder)) {
    throw new VolumeError(`the home ${path} is a link that leads elsewhere; put the folder itself there`);
  }
  return path;
}
