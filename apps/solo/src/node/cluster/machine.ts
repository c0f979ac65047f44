import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { availableParallelism, hostname, networkInterfaces, release, totalmem } from 'node:os';
import { findProgram } from '../engine/find-program.ts';

/** What this machine has, in cores and bytes. */
export interface Machine {
  readonly hostname: string;
  readonly hostIP: string;
  readonly cpu: number;
  readonly memory: number;
  readonly ephemeralStorage: number;
  readonly gpus: number;
  readonly kernel: string;
}

const reserve = 0.1;

/** Looks at the machine. `stateDirectory` says which disk counts. */
export function inspectMachine(stateDirectory: string): Machine {
  const { blocks, bsize } = statfsSync(stateDirectory);
  return {
    hostname: hostname().toLowerCase(),
    hostIP: firstAddress(),
    cpu: availableParallelism(),
    memory: totalmem(),
    ephemeralStorage: Math.floor(blocks * bsize * (1 - reserve)),
    gpus: countGpus(),
    kernel: release(),
  };
}

/** Is the disk of the state directory nearly full? */
export function isDiskNearlyFull(stateDirectory: string): boolean {
  const { bavail, blocks } = statfsSync(stateDirectory);
  // The kubelet's default threshold nodefs.available<10% is for disks of servers; a desktop's disk is often fuller.
  return bavail / blocks < 0.03;
}

function firstAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** What NVIDIA's own tool lists. None is an honest answer. */
function countGpus(): number {
  const tool = findProgram('nvidia-smi');
  if (tool === undefined) return 0;
  const { status, stdout } = spawnSync(tool, ['--list-gpus'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout.split('\n').filter((line) => line.startsWith('GPU ')).length : 0;
}
