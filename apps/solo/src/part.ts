import type { Logger } from '@vdi/telemetry';

/**
 * One thing that standalone mode consists of. `start` gets what the parts before it provide and returns what it adds;
 * whatever must end with it is put on `owned`, and ends in the reverse order of all parts' starts.
 */
export interface Part<Needs, Provides> {
  /** Completes "Starting …" */
  readonly name: string;
  start(needs: Needs, owned: AsyncDisposableStack): Promise<Provides>;
}

/** Tells what is being started, for people who wait. */
export type ReportProgress = (step: string) => void;

/** Starts one part and takes over what it owns; if the start fails, what it had opened by then is closed first. Throws the reason of `signal` where that is aborted. */
export async function startPart<Needs, Provides, Have extends Needs>(
  part: Part<Needs, Provides>,
  needs: Have,
  running: AsyncDisposableStack,
  { log, progress, signal }: { readonly log: Logger; readonly progress: ReportProgress; readonly signal: AbortSignal },
): Promise<Have & Provides> {
  signal.throwIfAborted();
  progress(`Starting ${part.name}`);
  const startedAt = performance.now();
  await using owned = new AsyncDisposableStack();
  const provided = await part.start(needs, owned);
  const kept = owned.move();
  running.defer(async () => {
    await kept.disposeAsync();
    log.info({ part: part.name }, 'Stopped part');
  });
  log.info({ part: part.name, milliseconds: Math.round(performance.now() - startedAt) }, 'Started part');
  return { ...needs, ...provided };
}
