import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { imageArchive } from './archive/image-archive.ts';
import { ociArchitecture } from './archive/image-config.ts';
import { buildImage, planImage } from './build-image.ts';
import { type ImageSources, openBuilds } from './build-images.ts';
import { reportStep } from './image-progress.ts';

export interface ImageArchivesOptions extends ImageSources {
  readonly outputDirectory: string;
  /** Needed only where mmdebstrap does not work. */
  readonly docker?: Docker;
}

/**
 * Writes `<name>-<architecture>.tar` for machines that this one does not share an engine with: `podman load`, `docker load`,
 * `ctr image import` and `skopeo copy oci-archive:…` take them. Answers their paths.
 */
export async function writeImageArchives(options: ImageArchivesOptions): Promise<readonly string[]> {
  await mkdir(options.outputDirectory, { recursive: true });
  const paths: string[] = [];
  for (const build of await openBuilds(options, options.docker)) {
    const content = await buildImage(build, await planImage(build));
    const path = join(options.outputDirectory, `${build.recipe.name}-${ociArchitecture(process.arch)}.tar`);
    await reportStep(build.report, build.recipe.name, `Writing ${path}`, async () => {
      await pipeline(imageArchive(content), createWriteStream(`${path}.new`), { signal: options.signal });
      await rename(`${path}.new`, path);
    });
    paths.push(path);
  }
  return paths;
}
