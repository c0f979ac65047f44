import { readdirSync, readFileSync } from 'node:fs';

/** `USER_HZ`, fixed in Linux's interface: times in `/proc` are hundredths of a second. */
const ticksPerSecond = 100;

/** In MiB. `pss` divides what several processes share among them. */
export interface ProcessMemory {
  readonly rss: number;
  readonly pss: number;
}

/** Seconds of CPU that the process has used so far, in steps of 10 ms. @throws Error when it has ended */
export function cpuSeconds(pid: number): number {
  return parseCpuTicks(readFileSync(`/proc/${pid}/stat`, 'utf8')) / ticksPerSecond;
}

/** @throws Error when the process has ended, or belongs to somebody else */
export function processMemory(pid: number): ProcessMemory {
  return parseMemory(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
}

/** The program's name as the kernel keeps it: 15 characters at most. */
export function programOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

/** A process and all that come from it. */
export function withDescendants(pid: number): readonly number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  return [pid, ...children.flatMap((child) => withDescendants(Number(child)))];
}

/** User and system time, fields 14 and 15 of proc(5). The name in field 2 may hold spaces and brackets. */
export function parseCpuTicks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** @throws Error when the text is not that of `smaps_rollup` */
export function parseMemory(smapsRollup: string): ProcessMemory {
  const mebibytes = (field: string): number => {
    const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(smapsRollup)?.[1];
    if (kibibytes === undefined) throw new Error(`The kernel does not tell the ${field} of a process.`);
    return Number(kibibytes) / 1024;
  };
  return { rss: mebibytes('Rss'), pss: mebibytes('Pss') };
}
