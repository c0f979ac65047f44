import { readIfPresent } from './private-file.ts';

/**
 * Names one process for good: a pid alone is given to another process later. The start time is in clock ticks since
 * boot, as `/proc/<pid>/stat` tells it (proc_pid_stat(5), field 22).
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTicks: string;
  readonly bootId: string;
}

/** The identity of the process that has this pid now, or undefined if none has, or only its corpse is left. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = readIfAlive(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is the program's name in parentheses and may hold anything, so count from its end.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const startTicks = fields[18];
  if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined;
  return { pid, startTicks, bootId: (readIfPresent('/proc/sys/kernel/random/boot_id') ?? '').trim() };
}

/** Is the process that was called so still running? */
export function isStillRunning(process: ProcessIdentity): boolean {
  const now = identifyProcess(process.pid);
  return now !== undefined && now.startTicks === process.startTicks && now.bootId === process.bootId;
}

/** A process that ends while its file is read makes the read fail with ESRCH. */
function readIfAlive(path: string): string | undefined {
  try {
    return readIfPresent(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return undefined;
    throw error;
  }
}
