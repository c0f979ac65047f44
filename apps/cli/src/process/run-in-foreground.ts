import { once } from 'node:events';
import { UserError } from '@vdi/api';
import { type EngineChoice, type Solo, startSolo, type StateDirectory } from '@vdi/solo';
import { createLogger } from '@vdi/telemetry';
import { type CliContext, say } from '../cli-context.ts';
import { explain } from '../explain.ts';
import { tellParent } from './background-message.ts';

/** What of standalone mode its user chooses. */
export interface SoloChoices {
  readonly port: number;
  readonly apiPort?: number;
  readonly engine: EngineChoice | 'none';
  readonly mediaAddress: string;
}

/** What people are told once everything runs. */
export type Started = Pick<Solo, 'url' | 'firstPasswords'>;

/** Runs standalone mode until SIGINT or SIGTERM, then stops it in order. A second signal ends the process at once. */
export async function runInForeground(
  context: CliContext,
  state: StateDirectory,
  { port, apiPort, engine, mediaAddress }: SoloChoices,
  announce: (started: Started) => void,
): Promise<void> {
  const stopSignal = nextStopSignal();
  const starting = new AbortController();
  void stopSignal.then(() => {
    if (!starting.signal.aborted) say(context, '… Stopping');
    starting.abort(stoppedEarly());
  });
  try {
    const solo = await startSolo({
      stateDirectory: state.path,
      port,
      apiPort,
      engine,
      mediaAddress,
      imageCacheDirectory: context.imageCacheDirectory,
      // A person wants to see what is wrong; a log file wants everything.
      signal: starting.signal,
      log: createLogger({ name: 'vdi', level: context.isTerminal ? 'warn' : 'info' }),
      progress: (step) => {
        say(context, `… ${step}`);
        void tellParent({ type: 'progress', step });
      },
    });
    await using _running = solo;
    const { url, firstPasswords } = solo;
    // A parent shows them; what this process prints then goes into a log, which is no place for passwords.
    announce({ url, firstPasswords: process.connected ? [] : firstPasswords });
    await tellParent({ type: 'ready', url, firstPasswords });
    if (process.connected) process.disconnect();
    await stopSignal;
  } catch (error) {
    // Programs that ran in the same terminal were stopped as well, and complain of it.
    const cause = starting.signal.aborted ? starting.signal.reason : error;
    await tellParent({ type: 'failed', explanation: explain(cause) });
    throw cause;
  }
}

function stoppedEarly(): UserError {
  return new UserError('StoppedEarly', {
    what: 'The start was stopped before everything was ready',
    why: 'It was asked to stop, by Ctrl-C or a signal',
    whatToDo: 'Start again when you like: what was downloaded and built is kept',
  });
}

async function nextStopSignal(): Promise<void> {
  // Left in place until the first signal, whose default action would end the process without stopping anything.
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const endNow = (): void => process.exit(130);
  process.once('SIGINT', endNow);
  process.once('SIGTERM', endNow);
}
