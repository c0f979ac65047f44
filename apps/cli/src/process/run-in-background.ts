import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserError } from '@vdi/api';
import { type StateDirectory } from '@vdi/solo';
import type { SoloChoices, Started } from './run-in-foreground.ts';
import { BackgroundFailure, type BackgroundMessage } from './background-message.ts';

/** Starts `vdi up` as a process of its own that outlives this one, and waits until it says that it is ready. */
export async function runInBackground(
  state: StateDirectory,
  { port, apiPort, engine, mediaAddress }: SoloChoices,
  progress: (step: string) => void,
): Promise<Started> {
  const log = openSync(state.log, 'a', 0o600);
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      main,
      'up',
      '--state-dir',
      state.path,
      '--port',
      String(port),
      ...(apiPort === undefined ? [] : ['--api-port', String(apiPort)]),
      '--engine',
      engine,
      '--media-address',
      mediaAddress,
    ],
    {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      // Not where we were started: that directory may be unmounted or removed one day.
      cwd: state.path,
    },
  );
  closeSync(log);
  const passOn = (): void => void child.kill('SIGTERM');
  process.once('SIGINT', passOn);
  try {
    return await untilReady(child, state, progress);
  } finally {
    process.removeListener('SIGINT', passOn);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

function untilReady(child: ChildProcess, state: StateDirectory, progress: (step: string) => void): Promise<Started> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: BackgroundMessage) => {
      if (message.type === 'progress') progress(message.step);
      else if (message.type === 'ready') resolve({ url: message.url, firstPasswords: message.firstPasswords });
      else reject(new BackgroundFailure(message.explanation));
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(endedEarly(state, code, signal)));
  });
}

function endedEarly(state: StateDirectory, code: number | null, signal: string | null): UserError {
  return new UserError('EndedEarly', {
    what: 'The background process ended before it was ready',
    why: signal === null ? `It exited with code ${code}` : `It was ended by ${signal}`,
    whatToDo: `Read the end of ${state.log}, or run vdi up without --detach to see it happen`,
  });
}
