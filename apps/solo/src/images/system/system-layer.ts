import { readFile } from 'node:fs/promises';
import { UserError } from '@vdi/api';
import type Docker from 'dockerode';
import type { Logger } from '@vdi/telemetry';
import { type Layer, measureLayer } from '../archive/layer.ts';
import { type ReportImageProgress, reportStep } from '../image-progress.ts';
import type { LayerCache } from '../layer-cache.ts';
import { debianBase, neverUnpacked } from '../recipe/debian-base.ts';
import { fingerprint } from '../recipe/fingerprint.ts';
import type { ImageRecipe } from '../recipe/image-recipe.ts';
import { systemBuilders } from './system-builders.ts';
import type { SystemRequest } from './system-request.ts';

export interface SystemLayerOptions {
  readonly recipe: ImageRecipe;
  readonly cache: LayerCache;
  readonly docker?: Docker | undefined;
  readonly fetcher: typeof fetch;
  readonly log: Logger;
  readonly report: ReportImageProgress;
  readonly signal: AbortSignal;
}

/** Changes with everything that decides what the system layer holds, except what Debian itself has published since. */
export async function systemFingerprint(recipe: ImageRecipe): Promise<string> {
  const scripts = await Promise.all(recipe.setup.map((path) => readFile(path, 'utf8')));
  const lists = [recipe.packages, recipe.leaveOut, recipe.keep, neverUnpacked.leaveOut, neverUnpacked.keep, scripts];
  return fingerprint([debianBase.suite, process.arch, ...lists.map((list) => fingerprint(list))]);
}

/** Debian with the recipe's packages, from the cache or built by the first way that works. */
export async function systemLayer(options: SystemLayerOptions): Promise<Layer> {
  const { recipe, cache, report } = options;
  const print = await systemFingerprint(recipe);
  const name = `${recipe.name}-system`;
  const known = await cache.find(name, print);
  if (known !== undefined) {
    report({ image: recipe.name, step: 'Installing Debian packages', state: 'reused', milliseconds: 0 });
    return known;
  }
  await using workFolder = await cache.openWorkFolder();
  const request = { recipe, downloads: cache.downloads, workFolder: workFolder.path, signal: options.signal };
  const target = cache.pathOf(name, print);
  await buildByFirstWay(options, request, target);
  const layer = await measureLayer(target);
  await cache.keep(name, print, layer);
  return layer;
}

async function buildByFirstWay(options: SystemLayerOptions, request: SystemRequest, target: string): Promise<void> {
  const failures: unknown[] = [];
  for (const builder of await systemBuilders(options.docker, options.fetcher)) {
    const step = `Installing Debian packages ${builder.name}`;
    try {
      return await reportStep(options.report, options.recipe.name, step, () => builder.build(request, target));
    } catch (error) {
      options.signal.throwIfAborted();
      options.log.info({ image: options.recipe.name, way: builder.name, err: error }, 'Could not install packages');
      failures.push(error);
    }
  }
  throw failures.length === 1 ? failures[0] : noWayWorked(failures);
}

function noWayWorked(failures: readonly unknown[]): UserError {
  return new UserError('SystemNotBuilt', {
    what: 'No way to install Debian packages into an image worked',
    why: failures
      .map((error) => (error instanceof UserError ? `${error.what}: ${error.why}` : String(error)))
      .join('; '),
    whatToDo: failures.map((error) => (error instanceof UserError ? error.whatToDo : 'See the log')).join('; or: '),
  });
}
