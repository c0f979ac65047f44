import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@vdi/api';
import {
  findRunningProcess,
  isStillRunning,
  type ProcessIdentity,
  type StateDirectory,
  stateDirectoryAt,
  stopAllPods,
} from '@vdi/solo';
import { createLogger } from '@vdi/telemetry';
import { type CliContext, say } from '../cli-context.ts';

/** How long an orderly stop may take before it is ended by force. */
const orderlyStopMs = 30_000;
const forcedStopMs = 5_000;
const pollMs = 25;

interface DownFlags {
  readonly stateDir?: string;
  readonly keepPods: boolean;
}

/** Long enough for applications to save. */
const desktopGraceSeconds = 20;

/** `vdi down`: stops only the process that wrote the record, never one that got its pid later; then the desktops. */
export async function down(context: CliContext, flags: DownFlags): Promise<void> {
  const state = stateDirectoryAt(flags.stateDir ?? context.defaultStateDirectory);
  await stopProcess(context, state);
  // Also after a process that was killed: its containers run on.
  if (flags.keepPods || !existsSync(state.path)) return;
  const log = createLogger({ name: 'vdi', level: context.isTerminal ? 'warn' : 'info' });
  const stopped = await stopAllPods({ stateDirectory: state.path, log, graceSeconds: desktopGraceSeconds });
  if (stopped > 0) say(context, `Stopped ${stopped} containers. Homes stay.`);
}

async function stopProcess(context: CliContext, state: StateDirectory): Promise<void> {
  const running = findRunningProcess(state);
  if (running === undefined) {
    say(context, `Nothing is running in ${state.path}.`);
    return;
  }
  if (await ends(running, 'SIGTERM', orderlyStopMs)) {
    say(context, `Stopped process ${running.pid}. The state stays in ${state.path}.`);
    return;
  }
  say(context, `Process ${running.pid} did not stop within ${orderlyStopMs / 1000} s; ending it by force.`);
  if (await ends(running, 'SIGKILL', forcedStopMs)) return;
  throw new UserError('CannotStop', {
    what: `Process ${running.pid} could not be stopped`,
    why: 'It stays even after SIGKILL, so the kernel waits for a device or a file system',
    whatToDo: `Look at: cat /proc/${running.pid}/wchan, and at dmesg`,
  });
}

/** Sends the signal and waits for the end. Linux tells nobody but the parent, so it is looked up. */
async function ends(running: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL', patienceMs: number): Promise<boolean> {
  if (!sendSignal(running, signal)) return true;
  const lastMoment = performance.now() + patienceMs;
  while (isStillRunning(running)) {
    if (performance.now() > lastMoment) return false;
    await delay(pollMs);
  }
  return true;
}

/** False when the process has ended in between. */
function sendSignal(running: ProcessIdentity, signal: 'SIGTERM' | 'SIGKILL'): boolean {
  if (!isStillRunning(running)) return false;
  try {
    return process.kill(running.pid, signal);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
    throw new UserError('NotPermitted', {
      what: `Process ${running.pid} could not be sent ${signal}`,
      why: cause instanceof Error ? cause.message : String(cause),
      whatToDo: 'Run vdi down as the user who ran vdi up',
    });
  }
}
