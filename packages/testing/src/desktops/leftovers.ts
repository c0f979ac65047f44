import { readdirSync, readFileSync } from 'node:fs';

/**
 * What of a test still runs or is mounted: processes that were started with `directory` among their arguments or in their
 * environment, and mounts below it. Who closed a port or ended a container ended its processes.
 */
export function leftoversOf(directory: string): readonly string[] {
  return [...processesOf(directory), ...mountsBelow(directory)];
}

function processesOf(directory: string): readonly string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const words = read(`/proc/${pid}/cmdline`);
    if (!`${words}\0${read(`/proc/${pid}/environ`)}`.includes(directory)) return [];
    return [`process ${pid}: ${words.replaceAll('\0', ' ').trim().slice(0, 200)}`];
  });
}

function mountsBelow(directory: string): readonly string[] {
  return read('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path === directory || path.startsWith(`${directory}/`))
    .map((path) => `mount ${path}`);
}

/** Empty for a process that has ended since it was listed. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
