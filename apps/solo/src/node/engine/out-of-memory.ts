import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const mostLogBytes = 16 * 2 ** 20;

/**
 * Did the kernel end a process of this container because its memory limit was reached? Not every conmon notices (with
 * cgroups of version 1 beside version 2 it does not), but the kernel names the container's cgroup in its log.
 */
export async function ranOutOfMemory(containerId: string): Promise<boolean> {
  try {
    const { stdout } = await run('dmesg', [], { maxBuffer: mostLogBytes });
    return stdout.split('\n').some((line) => line.includes('oom-kill:') && line.includes(containerId));
  } catch {
    // An ordinary user may not read the kernel's log everywhere; then the exit code has to say it.
    return false;
  }
}
