import type { Logger } from '@vdi/telemetry';
import type { Node } from '../node/start-node.ts';
import type { Part, ReportProgress } from '../part.ts';

interface ImagesNeeds {
  readonly log: Logger;
  readonly node: Node | undefined;
  readonly imageCacheDirectory: string | undefined;
  readonly progress: ReportProgress;
  /** Of the start: building takes minutes, and somebody may not want to wait for them. */
  readonly signal: AbortSignal;
}

/** Our images, as this checkout describes them, in the engine of the node: a first time takes minutes, later ones a second. */
export const imagesPart: Part<ImagesNeeds, object> = {
  name: 'the images of desktops',
  async start({ log, node, imageCacheDirectory, progress, signal }) {
    if (node === undefined || imageCacheDirectory === undefined) return {};
    // Loaded on demand: the builder is of no use to who runs no Pods.
    const { buildImages, checkoutDirectory } = await import('../images/index.ts');
    await buildImages({
      docker: node.engine.docker,
      checkout: checkoutDirectory,
      // Operator and gateway run in this process: their image is for clusters.
      names: ['desktop', 'display'],
      cacheDirectory: imageCacheDirectory,
      log: log.child({ part: 'images' }),
      signal,
      progress: ({ image, step, state, milliseconds }) => {
        if (state === 'started') progress(`${image}: ${step}`);
        if (state === 'finished') progress(`${image}: ${step} took ${(milliseconds / 1_000).toFixed(1)} s`);
      },
    });
    return {};
  },
};
