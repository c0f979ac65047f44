import type Docker from 'dockerode';
import { fingerprintLabel } from './archive/image-config.ts';

export interface LocalImage {
  /** All its names. */
  readonly references: readonly string[];
  readonly id: string;
  /** Bytes on disk, shared layers included. */
  readonly size: number;
}

/** The images of ours that the engine has. */
export async function listImages(docker: Docker): Promise<readonly LocalImage[]> {
  const images = await docker.listImages({ filters: { label: [fingerprintLabel] } });
  return images.map(({ RepoTags, Id, Size }) => ({ references: RepoTags ?? [], id: Id, size: Size }));
}
