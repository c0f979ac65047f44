import type Docker from 'dockerode';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '@vdi/controller';
import { pause } from '../clock.ts';
import { engineMessage } from './engine-error.ts';

/** Something happened to a container. */
interface ContainerEvent {
  readonly containerId: string;
  /** `create`, `start`, `die`, `remove`, `oom` … */
  readonly action: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface EngineEventsOptions {
  readonly docker: Docker;
  readonly log: Logger;
  readonly clock: Clock;
  readonly onEvent: (event: ContainerEvent) => void;
  /** The stream is there, for the first time or again: what happened before is not told, so look at everything. */
  readonly onConnected: () => void;
  readonly onLost: (error: unknown) => void;
}

interface RawEvent {
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
}

const retryMs = 500;

/** Follows the engine's events about containers, through restarts of the engine. */
export function followEngineEvents(options: EngineEventsOptions): AsyncDisposable {
  const stop = new AbortController();
  const done = follow(options, stop.signal);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

async function follow(options: EngineEventsOptions, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await readOnce(options, signal);
    } catch (error) {
      if (signal.aborted) return;
      options.log.warn({ reason: engineMessage(error) }, 'Lost the events of the container engine');
      options.onLost(error);
    }
    // Nothing to do when it was aborted while it waited: the loop ends.
    await pause(options.clock, retryMs, signal).catch(() => undefined);
  }
}

async function readOnce({ docker, onEvent, onConnected }: EngineEventsOptions, signal: AbortSignal): Promise<void> {
  const stream = (await docker.getEvents({
    filters: { type: ['container'] },
    abortSignal: signal,
  })) as NodeJS.ReadableStream & { destroy(): void };
  const end = (): void => stream.destroy();
  signal.addEventListener('abort', end, { once: true });
  try {
    onConnected();
    for await (const line of linesOf(stream)) {
      const { Action, Actor } = JSON.parse(line) as RawEvent;
      if (Action === undefined || Actor?.ID === undefined) continue;
      onEvent({ containerId: Actor.ID, action: Action, labels: Actor.Attributes ?? {} });
    }
  } finally {
    signal.removeEventListener('abort', end);
    end();
  }
}

/** Unlike Node's readline it ends, with an error, when the stream is destroyed. */
async function* linesOf(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = `${rest}${chunk.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
}
