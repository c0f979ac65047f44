import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UserError } from '@vdi/api';
import type Docker from 'dockerode';
import { type ImageContent, imageArchive } from './archive/image-archive.ts';
import { ociArchitecture } from './archive/image-config.ts';
import { buildImage, type ImageBuild, planImage } from './build-image.ts';
import { type ImageSources, openBuilds } from './build-images.ts';
import { versionedImage } from './image-names.ts';
import { reportStep } from './image-progress.ts';

export interface ImageArchivesOptions extends ImageSources {
  readonly outputDirectory: string;
  /** Needed only where mmdebstrap does not work. */
  readonly docker?: Docker;
}

/** One image as a file. */
export interface WrittenArchive {
  readonly path: string;
  /** The names that the image has once the file is loaded. */
  readonly tags: readonly string[];
  /** Bytes. */
  readonly size: number;
}

/**
 * Writes `<name>-<architecture>.tar` for machines that this one does not share an engine with: `podman load`, `docker load`,
 * `ctr images import` and `skopeo copy oci-archive:…` take them. The same sources and layers make the same bytes. Throws `UserError`
 * as `buildImages` does.
 */
export async function writeImageArchives(options: ImageArchivesOptions): Promise<readonly WrittenArchive[]> {
  await mkdir(options.outputDirectory, { recursive: true });
  const archives: WrittenArchive[] = [];
  for (const build of await openBuilds(options, options.docker)) {
    const content = await buildImage(build, await planImage(build));
    const tags = [versionedImage(build.recipe.name, versionOf(options.checkout)), ...content.tags];
    archives.push(await writeArchive({ ...content, tags }, build, options.outputDirectory));
  }
  return archives;
}

async function writeArchive(content: ImageContent, build: ImageBuild, directory: string): Promise<WrittenArchive> {
  const { name } = build.recipe;
  const path = join(directory, `${name}-${ociArchitecture(process.arch)}.tar`);
  const size = content.layers.reduce((sum, layer) => sum + layer.size, 0);
  await checkRoom(directory, size);
  await reportStep(build.report, name, `Writing ${path}`, async () => {
    try {
      await pipeline(imageArchive(content), createWriteStream(`${path}.new`), { signal: build.signal });
      await rename(`${path}.new`, path);
    } catch (error) {
      await rm(`${path}.new`, { force: true });
      throw isDiskFull(error) ? await diskFull(directory, size) : error;
    }
  });
  return { path, tags: content.tags, size };
}

/** Says so before a large file is begun; that another program takes the room meanwhile is met while writing. */
async function checkRoom(directory: string, size: number): Promise<void> {
  if ((await freeBytes(directory)) < size) throw await diskFull(directory, size);
}

async function diskFull(directory: string, size: number): Promise<UserError> {
  return new UserError('DiskFull', {
    what: 'The image archive is not written',
    why: `It takes ${gigabytes(size)}, and where ${directory} lies ${gigabytes(await freeBytes(directory))} are free`,
    whatToDo: 'Make room there, or choose another place with --output',
  });
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;

function isDiskFull(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** As the chart's appVersion. */
function versionOf(checkout: string): string {
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}
