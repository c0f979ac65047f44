import { once } from 'node:events';
import { resolve } from 'node:path';
import {
  buildImages,
  checkoutDirectory,
  type EngineChoice,
  type ImageProgress,
  type ImageSources,
  listImages,
  openImageEngine,
  openStateDirectory,
  writeImageArchives,
} from '@vdi/solo';
import { createLogger } from '@vdi/telemetry';
import { type CliContext, say } from '../cli-context.ts';

interface ImagesFlags {
  readonly stateDir?: string;
  readonly engine: EngineChoice;
}

/** `vdi images build`: the images of this checkout, into the container engine. */
export async function buildImagesCommand(
  context: CliContext,
  flags: ImagesFlags,
  ...names: readonly string[]
): Promise<void> {
  const { state, sources } = openSources(context, flags, names);
  await using engine = await openImageEngine(state, flags.engine, sources.log);
  for (const { reference, wasPresent } of await buildImages({ ...sources, docker: engine.docker })) {
    say(context, `${reference} ${wasPresent ? 'is there already' : 'is ready'}`);
  }
}

/** `vdi images list` */
export async function listImagesCommand(context: CliContext, flags: ImagesFlags): Promise<void> {
  const { state, sources } = openSources(context, flags, []);
  await using engine = await openImageEngine(state, flags.engine, sources.log);
  const images = await listImages(engine.docker);
  if (images.length === 0) say(context, 'There are none yet. Build them with: vdi images build');
  for (const { references, size } of images) {
    say(context, `${references.join(', ')}  ${(size / 1e6).toFixed(0)} MB`);
  }
}

/** `vdi images archive`: files for other machines, without an engine. */
export async function archiveImagesCommand(
  context: CliContext,
  flags: ImagesFlags & { readonly output: string },
  ...names: readonly string[]
): Promise<void> {
  const { sources } = openSources(context, flags, names);
  const archives = await writeImageArchives({ ...sources, outputDirectory: resolve(flags.output) });
  for (const { path, size, tags } of archives) say(context, `${path}  ${(size / 1e6).toFixed(0)} MB  ${tags[0] ?? ''}`);
}

function openSources(context: CliContext, flags: ImagesFlags, names: readonly string[]) {
  const state = openStateDirectory(flags.stateDir ?? context.defaultStateDirectory);
  const sources: ImageSources = {
    checkout: checkoutDirectory,
    cacheDirectory: context.imageCacheDirectory,
    log: createLogger({ name: 'vdi', level: context.isTerminal ? 'warn' : 'info' }),
    progress: (progress) => sayProgress(context, progress),
    signal: stopSignal(),
    ...(names.length === 0 ? {} : { names }),
  };
  return { state, sources };
}

function sayProgress(context: CliContext, { image, step, state, milliseconds }: ImageProgress): void {
  const endings = { started: ' …', finished: `: ${(milliseconds / 1_000).toFixed(1)} s`, reused: ': nothing to do' };
  say(context, `${image}: ${step}${endings[state]}`);
}

/** Ctrl-C lets the build tidy up before it ends. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  void Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() =>
    stop.abort(new Error('Stopped before the images were ready')),
  );
  return stop.signal;
}
