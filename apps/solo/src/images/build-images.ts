import type Docker from 'dockerode';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import type { Logger } from '@vdi/telemetry';
import { imageArchive } from './archive/image-archive.ts';
import { buildImage, type ImageBuild, planImage } from './build-image.ts';
import { hasImage } from './engine/find-image.ts';
import { loadImage } from './engine/load-image.ts';
import { pointTag, removeSuperseded } from './engine/tags.ts';
import { imageRepository, latestImage } from './image-names.ts';
import { type ReportImageProgress, reportStep } from './image-progress.ts';
import { openLayerCache } from './layer-cache.ts';
import { type ImageRecipe, readImageRecipe } from './recipe/image-recipe.ts';

export interface ImageSources {
  /** Folder of the checkout, with `images/`, `apps/` and `node_modules/`. */
  readonly checkout: string;
  /** Where layers and downloads are kept; made if missing. Everything in it can be deleted at any time. */
  readonly cacheDirectory: string;
  /** Of the recipes in `images/`; all of them by default. */
  readonly names?: readonly string[];
  readonly log: Logger;
  readonly progress?: ReportImageProgress;
  readonly signal: AbortSignal;
  readonly fetcher?: typeof fetch;
}

export interface BuildImagesOptions extends ImageSources {
  readonly docker: Docker;
}

export interface BuiltImage {
  readonly name: string;
  /** `localhost/vdi/<name>:<fingerprint>`: names exactly this content. */
  readonly reference: string;
  /** `localhost/vdi/<name>:latest`, now the same image. */
  readonly latest: string;
  /** The engine had it already. */
  readonly wasPresent: boolean;
}

/**
 * Makes sure that the engine has our images as this checkout describes them. Quick when it does. Throws `UserError` for
 * what a person can mend: `SystemNotBuilt`, `DiskFull`, `PackageMissing`, `ProgramMissing`, `ImageRecipeWrong`.
 */
export async function buildImages(options: BuildImagesOptions): Promise<readonly BuiltImage[]> {
  const built: BuiltImage[] = [];
  for (const build of await openBuilds(options, options.docker)) built.push(await ensureImage(build, options.docker));
  return built;
}

/** What is to be built, in the order of names. */
export async function openBuilds(sources: ImageSources, docker: Docker | undefined): Promise<readonly ImageBuild[]> {
  const cache = await openLayerCache(sources.cacheDirectory);
  const recipes = await readRecipes(join(sources.checkout, 'images'), sources.names);
  return recipes.map((recipe) => ({
    recipe,
    checkout: sources.checkout,
    cache,
    docker,
    fetcher: sources.fetcher ?? fetch,
    log: sources.log,
    report: sources.progress ?? (() => undefined),
    signal: sources.signal,
  }));
}

async function ensureImage(build: ImageBuild, docker: Docker): Promise<BuiltImage> {
  const { recipe, report, signal, log } = build;
  const planned = await planImage(build);
  const answer = { name: recipe.name, reference: planned.exactTag, latest: latestImage(recipe.name) };
  if (await hasImage(docker, planned.exactTag)) {
    await pointTag(docker, planned.exactTag, imageRepository(recipe.name), 'latest');
    report({ image: recipe.name, step: 'Building', state: 'reused', milliseconds: 0 });
    return { ...answer, wasPresent: true };
  }
  const content = await buildImage(build, planned);
  await reportStep(report, recipe.name, 'Loading into the container engine', () =>
    loadImage(docker, imageArchive(content), signal),
  );
  await removeSuperseded(docker, imageRepository(recipe.name), [answer.reference, answer.latest]);
  log.info({ image: answer.reference }, 'Built image');
  return { ...answer, wasPresent: false };
}

async function readRecipes(folder: string, names: readonly string[] | undefined): Promise<readonly ImageRecipe[]> {
  const folders = await readdir(folder, { withFileTypes: true });
  const recipes = await readdir(folder, { recursive: true });
  const known = folders.map(({ name }) => name).filter((name) => recipes.includes(join(name, 'image.yaml')));
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UserError('ImageUnknown', {
      what: `There is no image called ${unknown}`,
      why: `${folder} holds recipes for ${known.sort().join(', ')}`,
      whatToDo: 'Name one of these',
    });
  }
  return (names ?? known.sort()).map((name) => readImageRecipe(join(folder, name, 'image.yaml')));
}
