import type Docker from 'dockerode';
import type { Logger } from '@vdi/telemetry';
import type { ImageContent } from './archive/image-archive.ts';
import { type Layer, writeLayer } from './archive/layer.ts';
import type { LayerSource } from './files/layer-source.ts';
import { layerSources } from './files/layer-sources.ts';
import { exactImage, latestImage } from './image-names.ts';
import { type ReportImageProgress, reportStep } from './image-progress.ts';
import { checkFreeSpace, type LayerCache } from './layer-cache.ts';
import { fingerprint } from './recipe/fingerprint.ts';
import type { ImageRecipe } from './recipe/image-recipe.ts';
import { systemFingerprint, systemLayer } from './system/system-layer.ts';

export interface ImageBuild {
  readonly recipe: ImageRecipe;
  /** Folder of the checkout. */
  readonly checkout: string;
  readonly cache: LayerCache;
  /** Needed only where mmdebstrap does not work. */
  readonly docker?: Docker | undefined;
  readonly fetcher: typeof fetch;
  readonly log: Logger;
  readonly report: ReportImageProgress;
  readonly signal: AbortSignal;
}

/** What will be built, known before anything is. */
export interface PlannedImage {
  readonly recipe: ImageRecipe;
  readonly sources: readonly LayerSource[];
  readonly fingerprint: string;
  readonly exactTag: string;
}

export async function planImage({ recipe, checkout }: Pick<ImageBuild, 'recipe' | 'checkout'>): Promise<PlannedImage> {
  const sources = await layerSources(recipe, checkout);
  const print = fingerprint([
    await systemFingerprint(recipe),
    JSON.stringify([recipe.summary, recipe.config]),
    ...sources.map((source) => source.fingerprint),
  ]);
  return { recipe, sources, fingerprint: print, exactTag: exactImage(recipe.name, print) };
}

/** Builds the layers that the cache lacks. */
export async function buildImage(build: ImageBuild, planned: PlannedImage): Promise<ImageContent> {
  const { recipe, cache } = build;
  await checkFreeSpace(cache.folder);
  const layers = [await systemLayer(build)];
  for (const source of planned.sources) layers.push(await sourceLayer(build, source));
  return { recipe, layers, fingerprint: planned.fingerprint, tags: [planned.exactTag, latestImage(recipe.name)] };
}

async function sourceLayer({ recipe, cache, report, signal }: ImageBuild, source: LayerSource): Promise<Layer> {
  const name = `${recipe.name}-${source.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
  const step = `Adding ${source.name}`;
  const known = await cache.find(name, source.fingerprint);
  if (known !== undefined) {
    report({ image: recipe.name, step, state: 'reused', milliseconds: 0 });
    return known;
  }
  return await reportStep(report, recipe.name, step, async () => {
    await using workFolder = await cache.openWorkFolder();
    const files = await source.collect(workFolder.path, signal);
    const layer = await writeLayer(cache.pathOf(name, source.fingerprint), files);
    await cache.keep(name, source.fingerprint, layer);
    return layer;
  });
}
