import type { Logger } from '@vdi/telemetry';
import type { Clock } from '@vdi/controller';
import { pause } from '../clock.ts';
import type { Engine } from './engine.ts';
import { engineMessage } from './engine-error.ts';

export interface EngineWatchOptions {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is wrong with the engine; undefined when it answers. */
  readonly onState: (trouble: string | undefined) => void;
}

const periodMs = 10_000;
const patienceMs = 20_000;
/** Silent so many times in a row: it hangs, and with it everybody who waits for an answer. */
const mostSilences = 3;

/** Asks the engine from time to time whether it still answers, and has one that hangs restarted. */
export function watchEngine(options: EngineWatchOptions): AsyncDisposable {
  const stop = new AbortController();
  const done = watch(options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

async function watch({ engine, clock, log, onState }: EngineWatchOptions, signal: AbortSignal): Promise<void> {
  let silences = 0;
  while (!signal.aborted) {
    const trouble = await troubleOf(engine, clock, signal);
    if (signal.aborted) return;
    silences = trouble === undefined ? 0 : silences + 1;
    onState(trouble);
    if (silences === mostSilences) {
      log.error({ reason: trouble }, 'Restarted a container engine that hung');
      await engine.restart();
      silences = 0;
    }
    // Aborted while it waited: the loop ends.
    await pause(clock, periodMs, signal).catch(() => undefined);
  }
}

/** Listing containers takes the locks that everything else needs; a mere ping would be answered by an engine that hangs. */
async function troubleOf({ docker }: Engine, clock: Clock, signal: AbortSignal): Promise<string | undefined> {
  const late = new AbortController();
  const cancel = clock.after(patienceMs, () => late.abort(new Error(`no answer within ${patienceMs / 1000} s`)));
  try {
    await docker.listContainers({ limit: 1, abortSignal: AbortSignal.any([late.signal, signal]) });
    return undefined;
  } catch (error) {
    return late.signal.aborted ? engineMessage(late.signal.reason) : engineMessage(error);
  } finally {
    cancel();
  }
}
