import type { Readable } from 'node:stream';
import { UserError } from '@vdi/api';
import type Docker from 'dockerode';
import { followToEnd } from './pull-image.ts';

/** Gives an image archive to the engine. Its tags move to the new image. */
export async function loadImage(docker: Docker, archive: Readable, signal: AbortSignal): Promise<void> {
  try {
    await followToEnd(docker, await docker.loadImage(archive, { quiet: true, abortSignal: signal }));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && /no space left/i.test(error.message)) throw engineDiskFull(error);
    throw error;
  }
}

function engineDiskFull(error: Error): UserError {
  return new UserError('DiskFull', {
    what: 'The container engine could not store an image',
    why: error.message,
    whatToDo: 'Make room where the engine keeps its images, for instance with: podman image prune',
  });
}
